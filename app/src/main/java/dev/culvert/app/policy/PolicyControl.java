package dev.culvert.app.policy;

import dev.culvert.app.routing.ArpAnswers;
import dev.culvert.app.routing.Uplinks;
import dev.culvert.app.routing.Ways;
import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.Level;
import dev.culvert.killswitch.Protection;
import dev.culvert.killswitch.policy.Armed;
import dev.culvert.killswitch.policy.Connected;
import dev.culvert.killswitch.policy.Connecting;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Failed;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Reloading;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kill switch in step with the sidecar's state and with the links of the namespace: one
 * policy out of what all tunnels need, in the state of the one that is least far.
 */
public final class PolicyControl {
    private static final Logger log = LoggerFactory.getLogger(PolicyControl.class);

    private final KillSwitch killSwitch;
    private final Exemptions exemptions;
    private final Rtnetlink rtnetlink;
    private final Ways ways;
    private final Set<Integer> tunnelIndexes = new HashSet<>();
    private Map<TunnelPolicy, TunnelPolicy.Part> parts = new LinkedHashMap<>();
    private List<Uplink> uplinks = List.of();
    private List<String> warned = List.of();
    private Level level = Level.NONE;
    private String state = "open";
    private boolean failed;
    private int uplinkChanges;

    /** Nothing is in force before the first state is. */
    public PolicyControl(
            KillSwitch killSwitch, Exemptions exemptions, Rtnetlink rtnetlink, Ways ways) {
        this.killSwitch = killSwitch;
        this.exemptions = exemptions;
        this.rtnetlink = rtnetlink;
        this.ways = ways;
    }

    void addTunnelIndex(int index) throws RtnetlinkException {
        tunnelIndexes.add(index);
        uplinks = Uplinks.list(rtnetlink, tunnelIndexes);
    }

    /** For one more tunnel. */
    public TunnelPolicy tunnel() {
        return new TunnelPolicy(this);
    }

    /** Nothing but the exemptions gets out; the process may come or has gone. */
    public void armed() throws KillSwitchException, RtnetlinkException {
        failed = false;
        apply(Map.of());
    }

    /** As {@link #armed}, and whoever asks is told that there is no configuration to go by. */
    public void failed() throws KillSwitchException, RtnetlinkException {
        failed = true;
        apply(Map.of());
    }

    void put(TunnelPolicy tunnel, TunnelPolicy.Part part)
            throws KillSwitchException, RtnetlinkException {
        failed = false;
        Map<TunnelPolicy, TunnelPolicy.Part> next = new LinkedHashMap<>(parts);
        next.put(tunnel, part);
        apply(next);
    }

    void remove(TunnelPolicy tunnel) throws KillSwitchException, RtnetlinkException {
        Map<TunnelPolicy, TunnelPolicy.Part> next = new LinkedHashMap<>(parts);
        if (next.remove(tunnel) != null) {
            apply(next);
        }
    }

    /** Again, when the ways between the tunnels have changed. */
    public void refresh() throws KillSwitchException, RtnetlinkException {
        apply(parts);
    }

    /** Puts it into force. What was in force before stays if this fails. */
    private void apply(Map<TunnelPolicy, TunnelPolicy.Part> next)
            throws KillSwitchException, RtnetlinkException {
        if (uplinks.isEmpty()) {
            uplinks = Uplinks.list(rtnetlink, tunnelIndexes);
        }
        Policy policy = policy(List.copyOf(next.values()));
        Protection protection = killSwitch.apply(policy);
        parts = next;
        level = protection.level();
        if (!policy.state().equals(state)) {
            log.info("kill switch: {}, {}", policy.state(), level.label());
        }
        state = policy.state();
        if (!protection.warnings().equals(warned)) {
            warned = protection.warnings();
            warned.forEach(log::warn);
        }
    }

    private Policy policy(List<TunnelPolicy.Part> of) {
        if (of.isEmpty()) {
            return failed ? new Failed(uplinks, exemptions) : new Armed(uplinks, exemptions);
        }
        // Those that are reached inside another tunnel are reached there alone.
        Set<Endpoint> before = new HashSet<>();
        Set<Endpoint> endpoints = new HashSet<>();
        Map<String, Set<Endpoint>> carried = new LinkedHashMap<>();
        for (TunnelPolicy.Part part : of) {
            String own = part.link().map(TunnelLink::name).orElse("");
            for (Endpoint endpoint : part.allEndpoints()) {
                Optional<String> carrier = ways.carrier(own, endpoint.address());
                if (carrier.isPresent()) {
                    carried.computeIfAbsent(carrier.get(), none -> new HashSet<>()).add(endpoint);
                } else {
                    (part.endpoints().contains(endpoint) ? endpoints : before).add(endpoint);
                }
            }
        }
        Set<Integer> ports = new HashSet<>();
        of.forEach(part -> ports.addAll(part.listenPorts()));
        List<TunnelLink> links = new ArrayList<>();
        for (TunnelPolicy.Part part : of) {
            part.link()
                    .ifPresent(link ->
                            links.add(
                                    new TunnelLink(
                                            link.name(),
                                            link.ifindex(),
                                            link.addresses(),
                                            carried.getOrDefault(link.name(), Set.of()),
                                            ways.crossings())));
        }
        int mark = of.getFirst().mark();
        return switch (of.stream()
                .map(TunnelPolicy.Part::stage)
                .min(Comparator.naturalOrder())
                .orElseThrow()) {
            case RELOADING ->
                    new Reloading(
                            uplinks,
                            exemptions,
                            mark,
                            before,
                            endpoints,
                            ports,
                            links,
                            pinhole(of));
            case CONNECTING ->
                    new Connecting(uplinks, exemptions, mark, endpoints, ports, links, pinhole(of));
            case CONNECTED -> new Connected(uplinks, exemptions, mark, endpoints, ports, links);
        };
    }

    private static Optional<Pinhole> pinhole(List<TunnelPolicy.Part> of) {
        List<Pinhole> open = of.stream().flatMap(part -> part.pinhole().stream()).toList();
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Pinhole(
                                open.stream().flatMap(each -> each.targets().stream()).toList(),
                                open.stream()
                                        .map(Pinhole::lifetime)
                                        .max(Comparator.naturalOrder())
                                        .orElse(Duration.ofSeconds(1))));
    }

    /** What L2 does for ARP the kernel's settings do where there is no L2. */
    void hideTunnelAddress(Path root) {
        if (level == Level.L1) {
            ArpAnswers.restrict(root, uplinks).forEach(log::warn);
        }
    }

    /** Follows links that came, went, or changed their addresses. */
    public void followUplinks() throws KillSwitchException, RtnetlinkException {
        List<Uplink> now = Uplinks.list(rtnetlink, tunnelIndexes);
        if (now.equals(uplinks)) {
            return;
        }
        uplinks = now;
        uplinkChanges++;
        apply(parts);
    }

    int uplinkChanges() {
        return uplinkChanges;
    }

    /** Puts the rules into force again if others have changed them, and says how. */
    public void repair() throws KillSwitchException, RtnetlinkException {
        List<String> differences = level == Level.NONE ? List.of() : killSwitch.verify();
        if (differences.isEmpty()) {
            return;
        }
        differences.forEach(difference ->
                log.error("the rules of the kill switch were changed: {}", difference));
        apply(parts);
    }

    /** As of the last application. */
    public Level level() {
        return level;
    }

    /** As of the last application. */
    List<Uplink> uplinks() {
        return uplinks;
    }
}

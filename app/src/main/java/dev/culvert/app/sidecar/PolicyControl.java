package dev.culvert.app.sidecar;

import dev.culvert.app.routing.ArpAnswers;
import dev.culvert.app.routing.Uplinks;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the kill switch in step with the sidecar's state and with the links of the namespace. */
final class PolicyControl {
    private static final Logger log = LoggerFactory.getLogger(PolicyControl.class);

    private final KillSwitch killSwitch;
    private final Exemptions exemptions;
    private final Rtnetlink rtnetlink;
    private List<Uplink> uplinks = List.of();
    private List<String> warned = List.of();
    private Level level = Level.NONE;
    private String state = "open";
    private int tunnelIndex;
    private @Nullable Plan current;

    /** A policy but for the uplinks. */
    @FunctionalInterface
    private interface Plan {
        Policy around(List<Uplink> uplinks);
    }

    PolicyControl(KillSwitch killSwitch, Exemptions exemptions, Rtnetlink rtnetlink) {
        this.killSwitch = killSwitch;
        this.exemptions = exemptions;
        this.rtnetlink = rtnetlink;
    }

    /** The tunnel is no uplink. */
    void setTunnelIndex(int index) throws RtnetlinkException {
        tunnelIndex = index;
        uplinks = Uplinks.list(rtnetlink, tunnelIndex);
    }

    void armed() throws KillSwitchException, RtnetlinkException {
        apply(links -> new Armed(links, exemptions));
    }

    void failed() throws KillSwitchException, RtnetlinkException {
        apply(links -> new Failed(links, exemptions));
    }

    void connecting(
            int mark,
            Set<Endpoint> endpoints,
            Set<Integer> listenPorts,
            Optional<TunnelLink> tunnel,
            Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        apply(links ->
                new Connecting(links, exemptions, mark, endpoints, listenPorts, tunnel, pinhole));
    }

    void reloading(
            int mark,
            Set<Endpoint> before,
            Set<Endpoint> after,
            Set<Integer> listenPorts,
            TunnelLink tunnel,
            Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        apply(links ->
                new Reloading(
                        links, exemptions, mark, before, after, listenPorts, tunnel, pinhole));
    }

    void connected(int mark, Set<Endpoint> endpoints, Set<Integer> listenPorts, TunnelLink tunnel)
            throws KillSwitchException, RtnetlinkException {
        apply(links -> new Connected(links, exemptions, mark, endpoints, listenPorts, tunnel));
    }

    /** Puts it into force. What was in force before stays if this fails. */
    private void apply(Plan plan) throws KillSwitchException, RtnetlinkException {
        if (uplinks.isEmpty()) {
            uplinks = Uplinks.list(rtnetlink, tunnelIndex);
        }
        Policy policy = plan.around(uplinks);
        Protection protection = killSwitch.apply(policy);
        current = plan;
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

    /** What L2 does for ARP the kernel's settings do where there is no L2. */
    void hideTunnelAddress(Path root) {
        if (level == Level.L1) {
            ArpAnswers.restrict(root, uplinks).forEach(log::warn);
        }
    }

    /** Follows links that came, went, or changed their addresses. True: they did. */
    boolean followUplinks() throws KillSwitchException, RtnetlinkException {
        List<Uplink> now = Uplinks.list(rtnetlink, tunnelIndex);
        if (now.equals(uplinks)) {
            return false;
        }
        uplinks = now;
        if (current != null) {
            apply(current);
        }
        return true;
    }

    /** What others have done to the rules since: one line each. */
    List<String> differences() {
        return level == Level.NONE ? List.of() : killSwitch.verify();
    }

    /** As of the last application. */
    Level level() {
        return level;
    }

    /** As of the last application. */
    List<Uplink> uplinks() {
        return uplinks;
    }
}

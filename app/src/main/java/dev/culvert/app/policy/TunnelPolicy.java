package dev.culvert.app.policy;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.routing.Mark;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One tunnel's part of the kill switch's policy. What it changes is in force when it returns. */
public final class TunnelPolicy {
    /** From the most to the least that has to be allowed. */
    enum Stage {
        RELOADING,
        CONNECTING,
        CONNECTED
    }

    /**
     * What the tunnel needs in its stage.
     *
     * @param before endpoints of the configuration that is being left
     * @param listenPorts where peers call whose addresses are not known
     */
    record Part(
            Stage stage,
            int mark,
            Set<Endpoint> before,
            Set<Endpoint> endpoints,
            Set<Integer> listenPorts,
            Optional<TunnelLink> link,
            Optional<Pinhole> pinhole) {
        Set<Endpoint> allEndpoints() {
            Set<Endpoint> all = new HashSet<>(before);
            all.addAll(endpoints);
            return all;
        }
    }

    private final PolicyControl control;
    private Optional<TunnelLink> link = Optional.empty();
    private int seenUplinks;

    TunnelPolicy(PolicyControl control) {
        this.control = control;
    }

    /** A tunnel is no uplink. */
    public void setTunnelIndex(int index) throws RtnetlinkException {
        control.addTunnelIndex(index);
    }

    /** The tunnel's link as it is from now on; in force with the next stage. */
    public void setLink(TunnelLink present) {
        link = Optional.of(present);
    }

    /** Whether there is a tunnel, not only a configuration. */
    public boolean hasLink() {
        return link.isPresent();
    }

    /**
     * Handshakes may be made, names asked for.
     *
     * @param endpoints all that may be called
     */
    public void connecting(TunnelConfig config, Set<Endpoint> endpoints, Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        control.put(
                this,
                new Part(
                        Stage.CONNECTING,
                        Mark.of(config),
                        Set.of(),
                        endpoints,
                        listenPorts(config),
                        link,
                        pinhole));
    }

    /**
     * From one configuration to another: what either needs.
     *
     * @param endpointsBefore those of the one that is being left
     */
    public void reloading(
            TunnelConfig before,
            Set<Endpoint> endpointsBefore,
            TunnelConfig after,
            Set<Endpoint> endpoints,
            Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        Set<Integer> ports = new HashSet<>(listenPorts(before));
        ports.addAll(listenPorts(after));
        control.put(
                this,
                new Part(
                        Stage.RELOADING,
                        Mark.of(after),
                        endpointsBefore,
                        endpoints,
                        ports,
                        Optional.of(link.orElseThrow()),
                        pinhole));
    }

    /** Traffic may go through the tunnel. */
    public void connected(TunnelConfig config, Set<Endpoint> endpoints)
            throws KillSwitchException, RtnetlinkException {
        control.put(
                this,
                new Part(
                        Stage.CONNECTED,
                        Mark.of(config),
                        Set.of(),
                        endpoints,
                        listenPorts(config),
                        Optional.of(link.orElseThrow()),
                        Optional.empty()));
    }

    /** Where peers call that have no endpoint. */
    private static Set<Integer> listenPorts(TunnelConfig config) {
        OptionalInt port = config.calledPort();
        return port.isPresent() ? Set.of(port.getAsInt()) : Set.of();
    }

    /** The tunnel is no more, and nothing is allowed for it. */
    public void withdraw() throws KillSwitchException, RtnetlinkException {
        control.remove(this);
    }

    /** Since this tunnel last asked. */
    public boolean haveUplinksChanged() {
        boolean changed = seenUplinks != control.uplinkChanges();
        seenUplinks = control.uplinkChanges();
        return changed;
    }

    /** As of the last application. */
    public List<Uplink> uplinks() {
        return control.uplinks();
    }

    /** Keeps other links from answering ARP requests for the tunnel's address. */
    public void hideTunnelAddress(Path root) {
        control.hideTunnelAddress(root);
    }
}

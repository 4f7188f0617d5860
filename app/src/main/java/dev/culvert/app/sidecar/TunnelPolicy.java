package dev.culvert.app.sidecar;

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
import java.util.Set;

/** One tunnel's part of the kill switch's policy. What it changes is in force when it returns. */
final class TunnelPolicy {
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
    private int seenUplinks;

    TunnelPolicy(PolicyControl control) {
        this.control = control;
    }

    /** A tunnel is no uplink. */
    void setTunnelIndex(int index) throws RtnetlinkException {
        control.addTunnelIndex(index);
    }

    void connecting(
            int mark,
            Set<Endpoint> endpoints,
            Set<Integer> listenPorts,
            Optional<TunnelLink> link,
            Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        control.put(
                this,
                new Part(Stage.CONNECTING, mark, Set.of(), endpoints, listenPorts, link, pinhole));
    }

    void reloading(
            int mark,
            Set<Endpoint> before,
            Set<Endpoint> after,
            Set<Integer> listenPorts,
            TunnelLink link,
            Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        control.put(
                this,
                new Part(
                        Stage.RELOADING,
                        mark,
                        before,
                        after,
                        listenPorts,
                        Optional.of(link),
                        pinhole));
    }

    void connected(int mark, Set<Endpoint> endpoints, Set<Integer> listenPorts, TunnelLink link)
            throws KillSwitchException, RtnetlinkException {
        control.put(
                this,
                new Part(
                        Stage.CONNECTED,
                        mark,
                        Set.of(),
                        endpoints,
                        listenPorts,
                        Optional.of(link),
                        Optional.empty()));
    }

    /** The tunnel is no more, and nothing is allowed for it. */
    void withdraw() throws KillSwitchException, RtnetlinkException {
        control.remove(this);
    }

    /** True: the uplinks have changed since this tunnel last asked. */
    boolean followUplinks() throws KillSwitchException, RtnetlinkException {
        control.followUplinks();
        boolean changed = seenUplinks != control.uplinkChanges();
        seenUplinks = control.uplinkChanges();
        return changed;
    }

    /** As of the last application. */
    List<Uplink> uplinks() {
        return control.uplinks();
    }

    void hideTunnelAddress(Path root) {
        control.hideTunnelAddress(root);
    }
}

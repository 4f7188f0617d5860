package dev.culvert.killswitch.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * For whom the namespace forwards. Into the tunnel and back only, while there is one; a bridge is
 * the one way from the tunnel to an uplink.
 *
 * @param sources may use the tunnel; the tunnel's link translates their addresses
 * @param targets may be called through the tunnel
 * @param dns where the sources' DNS goes, if not where they send it
 * @param bridges from the tunnel to an uplink
 */
public record Forwarding(
        List<Subnet> sources, List<Target> targets, Optional<Dns> dns, List<Bridge> bridges) {
    public static final Forwarding NONE =
            new Forwarding(List.of(), List.of(), Optional.empty(), List.of());

    /**
     * Who is called by a port forward.
     *
     * @param linkName the tunnel whose port it is
     * @param protocol {@code tcp} or {@code udp}
     */
    public record Target(
            String linkName, String protocol, int outsidePort, InetAddress address, int port) {}

    /**
     * Asked in place of the server that was meant.
     *
     * @param all of whatever server; else of the namespace's own addresses alone
     */
    public record Dns(InetAddress server, boolean all) {}

    /** Clients of the tunnel that leave by an uplink, with its address. */
    public record Bridge(Subnet from, String linkName) {}

    /** In an order that does not matter, without doubles. */
    public Forwarding {
        sources = sources.stream().distinct().toList();
        targets = targets.stream().distinct().toList();
        bridges = bridges.stream().distinct().toList();
    }

    /** Who may use a tunnel: the sources of all, and those who are bridged to it by its name. */
    public List<Subnet> sourcesOf(String tunnelName) {
        return Stream.concat(
                        sources.stream(),
                        bridges.stream()
                                .filter(bridge -> bridge.linkName().equals(tunnelName))
                                .map(Bridge::from))
                .distinct()
                .toList();
    }

    /** Who is called at the ports of a tunnel. */
    public List<Target> targetsOf(String tunnelName) {
        return targets.stream().filter(target -> target.linkName().equals(tunnelName)).toList();
    }

    /** Whether a link is the uplink of a bridge. */
    public boolean isBridge(String linkName) {
        return bridges.stream().anyMatch(bridge -> bridge.linkName().equals(linkName));
    }
}

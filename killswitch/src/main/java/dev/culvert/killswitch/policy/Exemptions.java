package dev.culvert.killswitch.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * What the user lets pass beside the tunnel, in every state, and for others through it.
 *
 * @param lan reached, and answered, by the uplinks; but no DNS
 * @param inboundPorts TCP and UDP ports that may be called from the uplinks, by anybody
 * @param dnsServers may be asked (port 53 and 853) by the uplinks
 * @param dockerResolver whether 127.0.0.11 may be asked, which dockerd does from the host's
 *     namespace, beside the tunnel
 * @param forwarding for whom the namespace forwards
 */
public record Exemptions(
        List<Subnet> lan,
        List<PortRange> inboundPorts,
        List<InetAddress> dnsServers,
        boolean dockerResolver,
        Forwarding forwarding) {
    public static final Exemptions NONE = new Exemptions(List.of(), List.of(), List.of(), false);

    /** Shorter prefixes are no local network: 10.0.0.0/8 and fc00::/7 are the largest. */
    private static final int SHORTEST_V4 = 8;

    private static final int SHORTEST_V6 = 7;

    /** Without forwarding. */
    public Exemptions(
            List<Subnet> lan,
            List<PortRange> inboundPorts,
            List<InetAddress> dnsServers,
            boolean dockerResolver) {
        this(lan, inboundPorts, dnsServers, dockerResolver, Forwarding.NONE);
    }

    /**
     * @throws IllegalArgumentException if a local network is too large to be one
     */
    public Exemptions {
        lan = lan.stream().distinct().toList();
        inboundPorts = inboundPorts.stream().distinct().toList();
        dnsServers = dnsServers.stream().map(Subnet::withoutScope).distinct().toList();
        for (Subnet subnet : lan) {
            int shortest = subnet.v4() ? SHORTEST_V4 : SHORTEST_V6;
            if (subnet.prefixLength() < shortest) {
                throw new IllegalArgumentException(
                        subnet
                                + " is too large for a local network: it would let traffic pass"
                                + " beside the tunnel. /"
                                + shortest
                                + " is the shortest prefix.");
            }
        }
        for (InetAddress server : dnsServers) {
            if (server.isAnyLocalAddress() || server.isMulticastAddress()) {
                throw new IllegalArgumentException(
                        server.getHostAddress() + " is not the address of a DNS server");
            }
        }
    }
}

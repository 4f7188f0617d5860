package dev.culvert.killswitch.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * A link that leads out of the namespace beside the tunnel: any but loopback and the tunnel.
 *
 * @param addresses its own, of both families, link-local ones too: it answers ARP and neighbour
 *     solicitations for no other
 * @param gateways the next hops of the routes through it; without any, all its network counts
 */
public record Uplink(
        String name, int ifindex, List<LinkAddress> addresses, List<InetAddress> gateways) {
    /**
     * @throws IllegalArgumentException if it is no link
     */
    public Uplink {
        LinkNames.check(name, ifindex);
        addresses = List.copyOf(addresses);
        gateways = gateways.stream().map(Subnet::withoutScope).distinct().toList();
    }
}

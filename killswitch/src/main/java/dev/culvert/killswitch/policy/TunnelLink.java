package dev.culvert.killswitch.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * The TUN device of a tunnel. Rules go by its index: a link that somebody creates later under its
 * name is another one.
 *
 * @param carried endpoints of other tunnels that are reached through this one, and by no other way
 * @param crossings what may come into it from other tunnels
 */
public record TunnelLink(
        String name,
        int ifindex,
        List<InetAddress> addresses,
        Set<Endpoint> carried,
        List<Crossing> crossings) {
    /**
     * @throws IllegalArgumentException if it is no link
     */
    public TunnelLink {
        LinkNames.check(name, ifindex);
        addresses = addresses.stream().map(Subnet::withoutScope).distinct().toList();
        carried = Set.copyOf(carried);
        crossings = crossings.stream().distinct().toList();
    }

    /** One that carries no other tunnel and is crossed by nothing. */
    public TunnelLink(String name, int ifindex, List<InetAddress> addresses) {
        this(name, ifindex, addresses, Set.of(), List.of());
    }
}

package dev.culvert.killswitch.policy;

import java.net.InetAddress;
import java.util.List;

/**
 * The tunnel's TUN device. Rules go by its index: a link that somebody creates later under its name
 * is another one.
 */
public record TunnelLink(String name, int ifindex, List<InetAddress> addresses) {
    /**
     * @throws IllegalArgumentException if it is no link
     */
    public TunnelLink {
        LinkNames.check(name, ifindex);
        addresses = addresses.stream().map(Subnet::withoutScope).distinct().toList();
    }
}

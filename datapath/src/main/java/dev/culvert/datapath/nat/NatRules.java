package dev.culvert.datapath.nat;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is translated.
 *
 * @param address4 what leaves in its place; null: IPv4 has no way out
 * @param address6 as for IPv4
 * @param masqueraded whose packets are translated
 * @param forwards ports that are open to the outside
 * @param limits of the table
 */
public record NatRules(
        @Nullable Inet4Address address4,
        @Nullable Inet6Address address6,
        List<IpPrefix> masqueraded,
        List<PortForward> forwards,
        NatLimits limits) {
    public NatRules {
        masqueraded = List.copyOf(masqueraded);
        forwards = List.copyOf(forwards);
    }
}

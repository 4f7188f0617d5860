package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Parts of matches that several chains use. */
final class Matches {
    private static final String TCP_OR_UDP = "meta l4proto { tcp, udp } th ";

    /**
     * The first four bytes of a WireGuard message behind the UDP header (8 bytes = 64 bits): its
     * type, 1 to 4, and three zeros (whitepaper §5.4).
     */
    static final String WIREGUARD_MESSAGE = "@th,64,8 0x1-0x4 @th,72,24 0x0";

    private Matches() {}

    /** DNS and DNS over TLS or QUIC; {@code field} is dport or sport. */
    static String dns(String field) {
        return TCP_OR_UDP + field + " { 53, 853 }";
    }

    /** What routers tell: unreachable, too big, too old. */
    static String icmpErrors(Family family) {
        return family == Family.IPV4
                ? "icmp type { destination-unreachable, time-exceeded, parameter-problem }"
                : "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded,"
                        + " parameter-problem }";
    }

    /** What a rule of ours answers to a packet that it does not forward, if it is not TCP. */
    static String prohibited(Family family) {
        return family == Family.IPV4
                ? "icmp type destination-unreachable icmp code admin-prohibited"
                : "icmpv6 type destination-unreachable icmpv6 code admin-prohibited";
    }

    /** What it answers to a SYN. */
    static String refusal(Family family) {
        return reset(family) + " tcp sequence 0";
    }

    /** A reset of TCP that carries nothing: two headers without options. */
    static String reset(Family family) {
        return "tcp flags & (fin | syn | rst) == rst "
                + (family == Family.IPV4 ? "ip length <= 40" : "ip6 length <= 20");
    }

    /** UDP at the ports of the encrypted flow; {@code field} is dport or sport. */
    static String listening(String field, Set<Integer> ports) {
        return "udp "
                + field
                + ports.stream()
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", " { ", " }"));
    }

    static String ports(String field, Collection<PortRange> ports) {
        return TCP_OR_UDP + portSet(field, ports);
    }

    static String portSet(String field, Collection<PortRange> ports) {
        return field
                + " { "
                + merged(ports).stream().map(PortRange::toString).collect(Collectors.joining(", "))
                + " }";
    }

    /** nftables refuses intervals that overlap. */
    private static List<PortRange> merged(Collection<PortRange> ports) {
        List<PortRange> merged = new ArrayList<>();
        ports.stream()
                .sorted(Comparator.comparingInt(PortRange::first))
                .forEach(next -> {
                    PortRange last = merged.isEmpty() ? null : merged.getLast();
                    if (last != null && next.first() <= last.last() + 1) {
                        merged.removeLast();
                        merged.add(new PortRange(last.first(), Math.max(last.last(), next.last())));
                    } else {
                        merged.add(next);
                    }
                });
        return merged;
    }
}

package dev.culvert.datapath.nat;

import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.wg.packet.DropCounters;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;

/** A tunnel's translation with a clock to turn. */
final class Gateway {
    static final String TUNNEL = "10.9.0.1";
    static final String TUNNEL6 = "fd00::1";
    static final String ALICE = "172.28.0.3";
    static final String BOB = "172.28.0.4";
    static final String ALICE6 = "fd28::3";
    static final String WEB = "192.0.2.80";
    static final String OTHER = "198.51.100.7";
    static final String WEB6 = "2001:db8::80";
    static final int MTU = 1420;

    final DropCounters drops = new DropCounters();
    final Nat nat;
    final OutboundNat out;
    final InboundNat in;

    /** Near the overflow, which nothing may depend on. */
    long nowNs = Long.MAX_VALUE - 100_000_000_000L;

    Gateway(PortForward... forwards) {
        this(NatLimits.DEFAULT, true, forwards);
    }

    Gateway(NatLimits limits, boolean ipv6, PortForward... forwards) {
        NatRules rules =
                new NatRules(
                        (Inet4Address) InetAddress.ofLiteral(TUNNEL),
                        ipv6 ? (Inet6Address) InetAddress.ofLiteral(TUNNEL6) : null,
                        List.of(IpPrefix.parse("172.28.0.0/16"), IpPrefix.parse("fd28::/64")),
                        List.of(forwards),
                        limits);
        nat = new Nat(rules, new Random(1), () -> MTU);
        out = nat.outbound(drops);
        in = nat.inbound(drops);
    }

    NatVerdict send(TestPacket packet) {
        return out.translate(packet.buf, 0, TestPacket.AT + packet.length, nowNs);
    }

    NatVerdict receive(TestPacket packet) {
        return in.translate(packet.buf, TestPacket.AT, packet.length, nowNs);
    }

    void passSeconds(long seconds) {
        nowNs += seconds * 1_000_000_000L;
    }
}

package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.wg.packet.DropReason;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the network sees of a tunnel, and what it does to it. nftables counts and marks. */
@Tag("netns")
@Timeout(60)
final class OuterHeaderTest {
    private static TunnelPair open(boolean ipv6) throws Exception {
        TunnelPair pair = TunnelPair.open(1420, DatapathSettings.defaults());
        if (ipv6) {
            pair.introduce("fd80::1", "fd80::2");
        }
        return pair;
    }

    private static Execution ping(TunnelPair pair, String address, String tos) {
        return pair.leftSpace.exec("ping", "-c3", "-i0.1", "-W2", "-Q", tos, address);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handshakesCarryAf41AndDataNothing(boolean ipv6) throws Exception {
        try (TunnelPair pair = open(ipv6)) {
            String field = ipv6 ? "ip6 dscp" : "ip dscp";
            Nft nft = new Nft(pair.rightSpace);
            String handshakes = nft.rule("input", "udp length 156 " + field + " af41 counter");
            String responses = nft.rule("output", "udp length 100 " + field + " af41 counter");
            String data = nft.rule("input", "udp length 136 " + field + " cs0 counter");
            assertEquals(0, ping(pair, "10.81.0.2", "0").exitCode());
            assertEquals(1, nft.packets(handshakes));
            assertEquals(1, nft.packets(responses));
            assertEquals(3, nft.packets(data));
        }
    }

    @Test
    void doNotFragmentIsClear() throws Exception {
        try (TunnelPair pair = open(false)) {
            Nft nft = new Nft(pair.rightSpace);
            String set = nft.rule("input", "meta l4proto udp ip frag-off & 0x4000 != 0 counter");
            String clear = nft.rule("input", "meta l4proto udp ip frag-off & 0x4000 == 0 counter");
            pair.leftSpace.run("ping", "-c3", "-i0.1", "-W5", "-M", "do", "10.81.0.2");
            assertEquals(0, nft.packets(set));
            assertTrue(nft.packets(clear) >= 4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theInnerEcnFieldIsCopiedOutAndTheRestOfTosIsNot(boolean ipv6) throws Exception {
        try (TunnelPair pair = open(ipv6)) {
            Nft nft = new Nft(pair.rightSpace);
            String field = ipv6 ? "ip6" : "ip";
            // 84 bytes are padded to 96; header, tag and UDP header make 136.
            String ect0 =
                    nft.rule(
                            "input",
                            "udp length 136 " + field + " ecn ect0 " + field + " dscp cs0 counter");
            String inside = nft.rule("input", "iifname wg0 ip ecn ect0 ip dscp ef counter");
            assertEquals(0, ping(pair, "10.81.0.2", "0xba").exitCode());
            assertEquals(3, nft.packets(ect0));
            assertEquals(3, nft.packets(inside));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCongestionMarkOnTheWayArrivesInside(boolean ipv6) throws Exception {
        try (TunnelPair pair = open(ipv6)) {
            Nft marker = new Nft(pair.leftSpace);
            marker.rule(
                    "output",
                    "oifname veth0 "
                            + (ipv6 ? "ip6" : "ip")
                            + " ecn ect0 "
                            + (ipv6 ? "ip6" : "ip")
                            + " ecn set ce");
            Nft nft = new Nft(pair.rightSpace);
            String marked4 = nft.rule("input", "iifname wg0 ip ecn ce counter");
            String marked6 = nft.rule("input", "iifname wg0 ip6 ecn ce ip6 nexthdr icmpv6 counter");
            assertEquals(0, ping(pair, "10.81.0.2", "2").exitCode());
            assertEquals(3, nft.packets(marked4));
            assertEquals(0, ping(pair, "fd81::2", "2").exitCode());
            assertEquals(3, nft.packets(marked6));
        }
    }

    @Test
    void aCongestionMarkOnWhatDoesNotUnderstandItIsALoss() throws Exception {
        try (TunnelPair pair = open(false)) {
            assertEquals(0, ping(pair, "10.81.0.2", "0").exitCode());
            Nft marker = new Nft(pair.leftSpace);
            marker.rule("output", "oifname veth0 udp length 136 ip ecn set ce");
            assertEquals(1, ping(pair, "10.81.0.2", "0").exitCode());
            assertEquals(
                    3,
                    pair.right
                            .datapath
                            .statistics()
                            .dropped(DropReason.CONGESTION_MARK_NOT_UNDERSTOOD));
        }
    }

    @Test
    void aPacketWithoutPeerIsAnsweredWithHostUnreachable() throws Exception {
        try (TunnelPair pair = open(false)) {
            Execution v4 = pair.leftSpace.exec("ping", "-c1", "-W3", "10.81.0.77");
            assertTrue(v4.output().contains("Destination Host Unreachable"), v4::output);
            Execution v6 = pair.leftSpace.exec("ping", "-c1", "-W3", "fd81::77");
            assertTrue(v6.output().contains("Address unreachable"), v6::output);
            Execution tcp =
                    pair.leftSpace.exec(
                            "timeout", "5", "bash", "-c", "echo > /dev/tcp/10.81.0.77/80");
            assertTrue(tcp.output().contains("No route to host"), tcp::output);
            assertTrue(pair.left.datapath.statistics().unreachableAnswers() >= 3);
        }
    }

    @Test
    void aPacketToAPeerWithoutEndpointIsAnsweredWithHostUnreachable() throws Exception {
        try (TunnelPair pair = open(false)) {
            pair.left.peer(
                    new byte[] {
                        9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                        21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
                    },
                    null,
                    0,
                    0,
                    "10.81.0.77/32");
            Execution v4 = pair.leftSpace.exec("ping", "-c1", "-W3", "10.81.0.77");
            assertTrue(v4.output().contains("Destination Host Unreachable"), v4::output);
            assertEquals(1, pair.left.datapath.statistics().dropped(DropReason.NO_ENDPOINT));
        }
    }

    @Test
    void unreachableAnswersAreBounded() throws Exception {
        try (TunnelPair pair = open(false)) {
            pair.leftSpace.exec("ping", "-c2000", "-l2000", "-W1", "10.81.0.77");
            DatapathStatistics left = pair.left.datapath.statistics();
            long answers = left.unreachableAnswers();
            assertTrue(answers >= 50, answers + " answers");
            assertTrue(answers < left.dropped(DropReason.NO_PEER), answers + " answers");
        }
    }

    @Test
    void theFwmarkIsOnEveryPacketAndCanBeChanged() throws Exception {
        try (TunnelPair pair = open(false)) {
            Nft nft = new Nft(pair.leftSpace);
            String first = nft.rule("output", "meta mark 0x1234 meta l4proto udp counter");
            String second = nft.rule("output", "meta mark 0xca6c4321 meta l4proto udp counter");
            pair.left.fwmark(0x1234);
            assertEquals(0, ping(pair, "10.81.0.2", "0").exitCode());
            long before = nft.packets(first);
            assertTrue(before >= 4, before + " packets");
            pair.left.fwmark(0xca6c4321L);
            assertEquals(0xca6c4321L, pair.left.datapath.snapshot().fwmark());
            assertEquals(0, ping(pair, "10.81.0.2", "0").exitCode());
            assertEquals(3, nft.packets(second));
            pair.leftSpace.run("ip", "link", "set", "wg0", "down");
            pair.leftSpace.run("ip", "link", "set", "wg0", "up");
            assertEquals(0, ping(pair, "10.81.0.2", "0").exitCode());
            assertTrue(nft.packets(second) >= 7, "the mark is applied again at each bind");
            assertEquals(before, nft.packets(first));
        }
    }
}

package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.culvert.tun.netns.NetworkNamespace;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** culvert and wireguard-go at the two ends, each of them once as the one that begins. */
@Tag("netns")
class WireguardGoInteropTest {
    private static final int MEBIBYTE = 1024 * 1024;

    static Stream<Arguments> ends() {
        Program wireguardGo = Program.wireguardGo();
        return Program.culverts()
                .flatMap(culvert ->
                        Stream.of(
                                Arguments.of(culvert, wireguardGo),
                                Arguments.of(wireguardGo, culvert)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void shakesHandsOverIpv4(Program initiator, Program responder) throws Exception {
        try (TunnelPair pair = TunnelPair.overVeth(initiator, responder)) {
            pair.left().peer(pair.right(), "endpoint", "10.0.0.2:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_4);
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_6);
            Traffic.ping(pair.right().inside(), TunnelPair.LEFT_4);
            Traffic.ping(pair.right().inside(), TunnelPair.LEFT_6);
            assertEquals("10.0.0.1:" + TunnelPair.LEFT_PORT, pair.right().endpointOf(pair.left()));
            assertNotEquals(0, pair.left().handshakeS(pair.right()));
            assertNotEquals(0, pair.right().handshakeS(pair.left()));
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void shakesHandsOverIpv6WithAPresharedKey(Program initiator, Program responder) {
        try (TunnelPair pair = TunnelPair.overVeth(initiator, responder)) {
            pair.presharedKey(Keys.presharedKey(pair.outside()));
            pair.left().peer(pair.right(), "endpoint", "[fd00:aa::2]:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_4);
            Traffic.ping(pair.right().inside(), TunnelPair.LEFT_6);
            assertEquals(
                    "[fd00:aa::1]:" + TunnelPair.LEFT_PORT, pair.right().endpointOf(pair.left()));
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void hasNoSessionWhenThePresharedKeysDiffer(Program initiator, Program responder) {
        try (TunnelPair pair = TunnelPair.overVeth(initiator, responder)) {
            pair.left().peer(pair.right(), "preshared-key", presharedKey(pair));
            pair.right().peer(pair.left(), "preshared-key", presharedKey(pair));
            pair.left().peer(pair.right(), "endpoint", "10.0.0.2:" + TunnelPair.RIGHT_PORT);
            assertFalse(Traffic.pings(pair.left().inside(), TunnelPair.RIGHT_4));
            assertEquals(0, pair.left().handshakeS(pair.right()));
        }
    }

    private static String presharedKey(TunnelPair pair) {
        return Keys.file(Keys.presharedKey(pair.outside()));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void carriesPacketsOfEveryMtu(Program initiator, Program responder) throws Exception {
        try (TunnelPair pair = TunnelPair.overLoopback(initiator, responder)) {
            pair.endpoints("127.0.0.1", "127.0.0.1");
            NetworkNamespace left = pair.left().inside();
            NetworkNamespace right = pair.right().inside();
            for (int mtu : new int[] {1280, 1420, 9000, 34736}) {
                pair.mtu(mtu);
                Traffic.pingWithSize(left, TunnelPair.RIGHT_4, mtu);
                Traffic.pingWithSize(right, TunnelPair.LEFT_6, mtu);
                Traffic.tcp(left, right, TunnelPair.RIGHT_4, 4 * MEBIBYTE);
                Traffic.tcp(right, left, TunnelPair.LEFT_6, 4 * MEBIBYTE);
                Traffic.udpEcho(left, right, TunnelPair.RIGHT_4, 1, mtu - 28, mtu / 20);
            }
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void movesTcpBothWays(Program initiator, Program responder) {
        try (TunnelPair pair = TunnelPair.overVeth(initiator, responder)) {
            pair.endpoints("10.0.0.1", "10.0.0.2");
            NetworkNamespace left = pair.left().inside();
            NetworkNamespace right = pair.right().inside();
            Traffic.iperf3(left, right, TunnelPair.RIGHT_4, "-t1");
            Traffic.iperf3(left, right, TunnelPair.RIGHT_4, "-t1", "--reverse", "-P4");
            Traffic.iperf3(right, left, TunnelPair.LEFT_6, "-t1", "-P4");
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void followsAnEndThatRoamsOverIpv4(Program roaming, Program staying) {
        try (TunnelPair pair = TunnelPair.overVeth(roaming, staying)) {
            pair.endpoints("10.0.0.1", "10.0.0.2");
            roam(pair, "10.0.0.1/24", "10.0.0.11/24");
            assertEquals("10.0.0.11:9999", pair.right().endpointOf(pair.left()));
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("ends")
    void followsAnEndThatRoamsOverIpv6(Program roaming, Program staying) {
        try (TunnelPair pair = TunnelPair.overVeth(roaming, staying)) {
            pair.endpoints("[fd00:aa::1]", "[fd00:aa::2]");
            roam(pair, "fd00:aa::1/96", "fd00:aa::11/96");
            assertEquals("[fd00:aa::11]:9999", pair.right().endpointOf(pair.left()));
        }
    }

    private static void roam(TunnelPair pair, String from, String to) {
        NetworkNamespace left = pair.left().inside();
        Traffic.ping(left, TunnelPair.RIGHT_4);
        left.sysctl("net.ipv4.conf.all.promote_secondaries", "1");
        left.addAddress("veth0", to);
        left.run("ip", "address", "del", from, "dev", "veth0");
        pair.left().set("listen-port", "9999");
        Traffic.ping(left, TunnelPair.RIGHT_6);
        Traffic.ping(pair.right().inside(), TunnelPair.LEFT_4);
    }
}

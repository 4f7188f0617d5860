package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Counters, and traffic of every kind over either outer family and with small and huge packets. */
@Tag("netns")
class TransportTest {
    private static final int MEBIBYTE = 1024 * 1024;

    /**
     * As large as a packet of loopback's half, less what the tunnel adds and the default MTU lacks.
     */
    private static final int BIG_MTU = 34816 - 1500 + 1420;

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void countsTenPingsToTheByte(Program program) {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            pair.endpoints("127.0.0.1", "127.0.0.1");
            Traffic.floodPing(pair.right().inside(), TunnelPair.LEFT_4, 10);
            // An initiation (148) or response (92), ten echoes (84, padded to 96, with 32 around),
            // and perhaps a keepalive (32) from the one that began.
            NetworkNamespace.await(
                    Duration.ofSeconds(5),
                    () -> pair.right().transfer(pair.left()).rxBytes() >= 1372,
                    () -> "too few bytes: " + pair.right().show("transfer"));
            Tunnel.Transfer began = pair.right().transfer(pair.left());
            Tunnel.Transfer answered = pair.left().transfer(pair.right());
            assertEquals(1372, began.rxBytes());
            assertTrue(began.txBytes() == 1428 || began.txBytes() == 1460, began::toString);
            assertEquals(1372, answered.txBytes());
            assertTrue(answered.rxBytes() == began.txBytes(), answered::toString);
            assertNotEquals(0, pair.left().handshakeS(pair.right()));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void carriesEverythingOverIpv4(Program program) throws Exception {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            pair.endpoints("127.0.0.1", "127.0.0.1");
            everything(pair, 1420);
            everything(pair.mtu(BIG_MTU), BIG_MTU);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void carriesEverythingOverIpv6(Program program) throws Exception {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            pair.endpoints("[::1]", "[::1]");
            everything(pair, 1420);
            everything(pair.mtu(BIG_MTU), BIG_MTU);
        }
    }

    /** An outer packet that does not fit the cable must go in fragments. */
    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void carriesPacketsThatAreLargerThanTheOuterMtu(Program program) throws Exception {
        try (TunnelPair pair = TunnelPair.overVeth(program, program)) {
            pair.endpoints("10.0.0.1", "10.0.0.2").mtu(9000);
            NetworkNamespace left = pair.left().inside();
            NetworkNamespace right = pair.right().inside();
            Traffic.pingWithSize(left, TunnelPair.RIGHT_4, 9000);
            Traffic.tcp(left, right, TunnelPair.RIGHT_4, MEBIBYTE);
            pair.endpoints("[fd00:aa::1]", "[fd00:aa::2]");
            Traffic.pingWithSize(left, TunnelPair.RIGHT_6, 9000);
            Traffic.tcp(right, left, TunnelPair.LEFT_6, MEBIBYTE);
        }
    }

    static void everything(TunnelPair pair, int mtu) throws Exception {
        NetworkNamespace left = pair.left().inside();
        NetworkNamespace right = pair.right().inside();
        Traffic.floodPing(right, TunnelPair.LEFT_4, 10);
        Traffic.floodPing(left, TunnelPair.RIGHT_4, 10);
        Traffic.floodPing(right, TunnelPair.LEFT_6, 10);
        Traffic.floodPing(left, TunnelPair.RIGHT_6, 10);
        Traffic.tcp(left, right, TunnelPair.RIGHT_4, 8 * MEBIBYTE);
        Traffic.tcp(right, left, TunnelPair.LEFT_6, 8 * MEBIBYTE);
        Traffic.udpEcho(left, right, TunnelPair.RIGHT_4, 1, mtu - 28, mtu / 100);
        Traffic.udpEcho(right, left, TunnelPair.LEFT_6, 1, mtu - 48, mtu / 100);
        Traffic.iperf3(left, right, TunnelPair.RIGHT_4, "-n30M", "-P5");
        Traffic.iperf3(right, left, TunnelPair.LEFT_6, "-u", "-b500M", "-t1");
    }
}

package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.udp.LoopbackSocket;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.UapiSet;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports, addresses and marks that change while the tunnel runs. */
@Tag("netns")
@Timeout(60)
final class BindingTest {
    private final TunnelPair pair = TunnelPair.open(1420, DatapathSettings.defaults());

    BindingTest() throws Exception {}

    @AfterEach
    void close() {
        pair.close();
    }

    private void ping() {
        pair.leftSpace.run("ping", "-c2", "-i0.1", "-W5", "10.81.0.2");
    }

    private void down() {
        int port = pair.left.port();
        pair.leftSpace.run("ip", "link", "set", "wg0", "down");
        NetworkNamespace.await(
                Duration.ofSeconds(5),
                () -> !pair.leftSpace.run("ss", "-Hlun").contains(":" + port),
                () -> "still bound");
    }

    private static String endpointOf(TunnelEnd end) throws Exception {
        EndpointAddress endpoint =
                Objects.requireNonNull(end.datapath.snapshot().peers().getFirst().endpoint());
        return InetAddress.getByAddress(endpoint.address()).getHostAddress()
                + "/"
                + endpoint.port();
    }

    @Test
    void aNewListenPortTakesEffectWhileTrafficFlows() throws Exception {
        ping();
        int before = pair.left.port();
        try (RunningProcess pings =
                pair.leftSpace.start("ping", "-c20", "-i0.1", "-W5", "10.81.0.2")) {
            pings.awaitOutput("icmp_seq=2", Duration.ofSeconds(5));
            pair.left.listenPort(before == 5555 ? 5556 : 5555);
            assertNotEquals(before, pair.left.port());
            String output = pings.await(Duration.ofSeconds(20)).output();
            // At most the answer that was on its way to the old port.
            assertTrue(output.contains("20 received") || output.contains("19 received"), output);
        }
        assertEquals("10.80.0.1/" + pair.left.port(), endpointOf(pair.right), "it has roamed");
        // The old one is free.
        Libc.close(pair.leftSpace.callInside(() -> LoopbackSocket.bound(false, before)));
    }

    @Test
    void aPortInUseIsRefusedAndLeavesEverythingAsItWas() throws Exception {
        int taken = pair.leftSpace.callInside(() -> LoopbackSocket.bound(true));
        int takenPort = LoopbackSocket.port(taken);
        ping();
        int before = pair.left.port();
        UapiSet set =
                new UapiSet(null, OptionalInt.of(takenPort), OptionalLong.of(7), true, List.of());
        assertEquals(Errno.EADDRINUSE, pair.left.datapath.set(set));
        assertEquals(before, pair.left.port());
        assertEquals(0, pair.left.datapath.snapshot().fwmark());
        assertEquals(1, pair.left.datapath.snapshot().peers().size(), "peers are not replaced");
        ping();
        Libc.close(taken);
    }

    @Test
    void downClosesTheSocketsAndUpBindsTheSamePort() throws Exception {
        ping();
        int port = pair.left.port();
        down();
        assertEquals(port, pair.left.port(), "still shown");
        pair.leftSpace.run("ip", "link", "set", "wg0", "up");
        ping();
        assertEquals(port, pair.left.port());
        assertTrue(pair.leftSpace.run("ss", "-Hlun").contains(":" + port));
    }

    @Test
    void anInitiationThatComesBeforeTheLinkIsUpWaits() throws Exception {
        down();
        pair.left.listenPort(5557);
        pair.introduce("10.80.0.1", "10.80.0.2");
        try (RunningProcess ping = pair.rightSpace.start("ping", "-c1", "-W4", "10.81.0.1")) {
            NetworkNamespace.await(
                    Duration.ofSeconds(3),
                    () ->
                            pair.leftSpace
                                    .run("ss", "-Hlun", "sport = :5557")
                                    .matches("(?s)UNCONN +[1-9][0-9]* .*"),
                    () -> "no initiation in " + pair.leftSpace.run("ss", "-Hlun"));
            pair.leftSpace.run("ip", "link", "set", "wg0", "up");
            String output = ping.await(Duration.ofSeconds(5)).output();
            assertTrue(output.contains("1 received"), "before REKEY_TIMEOUT: " + output);
        }
    }

    @Test
    void aPortInUseMayBeConfiguredWhileTheLinkIsDown() throws Exception {
        ping();
        down();
        int taken = pair.leftSpace.callInside(() -> LoopbackSocket.bound(false));
        int port = LoopbackSocket.port(taken);
        pair.left.listenPort(port);
        Libc.close(taken);
        pair.introduce("10.80.0.1", "10.80.0.2");
        pair.leftSpace.run("ip", "link", "set", "wg0", "up");
        ping();
        assertEquals(port, pair.left.port());
    }

    @Test
    void aPortThatIsNoLongerAskedForIsFree() throws Exception {
        down();
        pair.left.listenPort(5558);
        assertTrue(pair.leftSpace.run("ss", "-Hlun").contains(":5558"));
        pair.left.listenPort(5559);
        Libc.close(pair.leftSpace.callInside(() -> LoopbackSocket.bound(false, 5558)));
        pair.left.listenPort(0);
        Libc.close(pair.leftSpace.callInside(() -> LoopbackSocket.bound(false, 5559)));
    }

    @Test
    void anotherRandomPortIsTakenWhenTheOldOneIsGone() throws Exception {
        int port = pair.left.port();
        down();
        int taken = pair.leftSpace.callInside(() -> LoopbackSocket.bound(false, port));
        pair.leftSpace.run("ip", "link", "set", "wg0", "up");
        ping();
        assertNotEquals(port, pair.left.port());
        Libc.close(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.80.0.", "fd80::"})
    void theSourceAddressIsStickyButNotTooSticky(String prefix) throws Exception {
        String address = prefix + "99";
        String length = prefix.contains(":") ? "/64" : "/24";
        pair.rightSpace.addAddress("veth0", address + length);
        pair.left.peer(
                pair.right.publicKey(),
                address,
                pair.right.port(),
                0,
                "10.81.0.2/32",
                "fd81::2/128");
        ping();
        String expected = InetAddress.getByName(address).getHostAddress() + "/" + pair.right.port();
        assertEquals(
                expected, endpointOf(pair.left), "answers come from the address that was meant");
        // The address goes: right answers by another one, and left follows.
        pair.rightSpace.run("ip", "address", "del", address + length, "dev", "veth0");
        pair.rightSpace.run("ping", "-c2", "-i0.1", "-W5", "10.81.0.1");
        assertNotEquals(expected, endpointOf(pair.left));
    }

    @Test
    void thePeerIsFollowedWhenItsAddressChanges() throws Exception {
        ping();
        pair.leftSpace.run("ip", "address", "add", "10.80.0.50/24", "dev", "veth0");
        pair.leftSpace.run("ip", "address", "del", "10.80.0.1/24", "dev", "veth0");
        // The secondary address of the subnet goes with the primary one.
        pair.leftSpace.exec("ip", "address", "add", "10.80.0.50/24", "dev", "veth0");
        ping();
        assertEquals("10.80.0.50/" + pair.left.port(), endpointOf(pair.right));
    }

    @Test
    void aSecondCableIsTakenWhenTheRouteMoves() throws Exception {
        ping();
        Veth.connect(pair.leftSpace, "10.85.0.1/24", pair.rightSpace, "10.85.0.2/24");
        pair.leftSpace.run("ip", "route", "add", "10.80.0.2/32", "via", "10.85.0.2");
        pair.rightSpace.run("ip", "route", "add", "10.80.0.1/32", "via", "10.85.0.1");
        ping();
        assertEquals("10.85.0.1/" + pair.left.port(), endpointOf(pair.right));
    }
}

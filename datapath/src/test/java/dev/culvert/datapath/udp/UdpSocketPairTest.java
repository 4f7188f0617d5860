package dev.culvert.datapath.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;
import org.junit.jupiter.api.Test;

final class UdpSocketPairTest {
    private static final UdpOffload ON = new UdpOffload(true, true);

    @Test
    void bindsBothFamiliesToOneRandomPort() throws Exception {
        try (UdpSocketPair pair = UdpSocketPair.bind(0, 0, ON, UdpAddresses.ANY)) {
            assertEquals(2, pair.sockets().size());
            assertTrue(pair.port() > 0);
            for (UdpSocket socket : pair.sockets()) {
                assertEquals(pair.port(), LoopbackSocket.port(socket.fd()));
            }
        }
    }

    @Test
    void takesAnotherRandomPortWhenOneIsTakenInTheOtherFamily() throws Exception {
        // So many ports are taken for IPv6 alone that some of these binds meet one.
        for (int i = 0; i < 50; i++) {
            int taken = LoopbackSocket.bound(true);
            try (UdpSocketPair pair = UdpSocketPair.bind(0, 0, ON, UdpAddresses.ANY)) {
                assertEquals(2, pair.sockets().size());
            } finally {
                Libc.close(taken);
            }
        }
    }

    @Test
    void saysThatAPortIsInUseAndLeavesNoSocketBehind() throws Exception {
        int taken = LoopbackSocket.bound(true);
        int port = LoopbackSocket.port(taken);
        UdpBindException refused =
                assertThrows(
                        UdpBindException.class,
                        () -> UdpSocketPair.bind(port, 0, ON, UdpAddresses.ANY));
        assertEquals(Errno.EADDRINUSE, refused.errno());
        assertTrue(refused.toString().contains(Integer.toString(port)), refused.toString());
        Libc.close(taken);
        UdpSocketPair.bind(port, 0, ON, UdpAddresses.ANY).close();
    }

    @Test
    void keepsThePortOfADescriptorInUseUntilTheLastUserLetsGo() throws Exception {
        UdpSocketPair pair = UdpSocketPair.bind(0, 0, ON, UdpAddresses.ANY);
        int port = pair.port();
        assertTrue(pair.acquire());
        pair.close();
        assertThrows(
                UdpBindException.class, () -> UdpSocketPair.bind(port, 0, ON, UdpAddresses.ANY));
        pair.release();
        assertFalse(pair.acquire());
        UdpSocketPair.bind(port, 0, ON, UdpAddresses.ANY).close();
    }

    @Test
    void worksWithTheFamilyThatTheHostHas() throws Exception {
        try (UdpSocketPair v4 =
                UdpSocketPair.bind(0, 0, ON, UdpAddresses.ANY, new UdpFamilies(true, false))) {
            assertEquals(1, v4.sockets().size());
            assertFalse(v4.sockets().getFirst().ipv6());
            assertEquals(v4.port(), LoopbackSocket.port(v4.sockets().getFirst().fd()));
        }
        try (UdpSocketPair v6 =
                UdpSocketPair.bind(0, 0, ON, UdpAddresses.ANY, new UdpFamilies(false, true))) {
            assertEquals(1, v6.sockets().size());
            assertTrue(v6.sockets().getFirst().ipv6());
            assertEquals(v6.port(), LoopbackSocket.port(v6.sockets().getFirst().fd()));
        }
        UdpBindException neither =
                assertThrows(
                        UdpBindException.class,
                        () ->
                                UdpSocketPair.bind(
                                        0, 0, ON, UdpAddresses.ANY, new UdpFamilies(false, false)));
        assertEquals(Errno.EAFNOSUPPORT, neither.errno());
    }

    @Test
    void setsTheOptionsThatTheOffSwitchesLeave() throws Exception {
        try (UdpSocketPair on = UdpSocketPair.bind(0, 0, ON, UdpAddresses.ANY);
                UdpSocketPair off =
                        UdpSocketPair.bind(0, 0, new UdpOffload(false, false), UdpAddresses.ANY)) {
            for (UdpSocket socket : on.sockets()) {
                assertTrue(socket.segmentation());
                assertEquals(1, option(socket, SocketConstants.SOL_UDP, SocketConstants.UDP_GRO));
            }
            for (UdpSocket socket : off.sockets()) {
                assertFalse(socket.segmentation());
                assertEquals(0, option(socket, SocketConstants.SOL_UDP, SocketConstants.UDP_GRO));
            }
        }
    }

    private static int option(UdpSocket socket, int level, int name) {
        return Libc.getsockopt(socket.fd(), level, name);
    }
}

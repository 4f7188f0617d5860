package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.packet.TestPacket;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;

/** Sends of many datagrams each (UDP_SEGMENT), and a receiver that compares every datagram. */
public final class SegmentedUdp {
    static final int BURSTS = 20;
    private static final int SEGMENT_BYTES = 1200;
    private static final int BURST_BYTES = 40 * SEGMENT_BYTES + 345;

    private SegmentedUdp() {}

    /** One burst after the other: all datagrams arrive, in order and unchanged. */
    public static void assertArrives(NetworkNamespace from, NetworkNamespace to, String address)
            throws Exception {
        InetAddress target = InetAddress.getByName(address);
        try (Arena arena = Arena.ofConfined();
                DatagramSocket socket =
                        to.callInside(() -> new DatagramSocket(new InetSocketAddress(target, 0)))) {
            socket.setSoTimeout(5000);
            int port = socket.getLocalPort();
            byte[] raw = target.getAddress();
            int fd = from.callInside(() -> segmentingSocket(raw, port));
            MemorySegment burst = arena.allocate(BURST_BYTES);
            byte[] content = TestPacket.bytes(new Random(3), BURST_BYTES);
            burst.copyFrom(MemorySegment.ofArray(content));
            try {
                for (int i = 0; i < BURSTS; i++) {
                    assertEquals(BURST_BYTES, Libc.write(fd, burst, 0, BURST_BYTES));
                    assertReceives(socket, content);
                }
            } finally {
                Libc.close(fd);
            }
        }
    }

    /** A connected UDP socket whose sends the kernel is asked to cut into datagrams. */
    private static int segmentingSocket(byte[] address, int port) throws ErrnoException {
        boolean v4 = address.length == 4;
        int family = v4 ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
        int fd = ErrnoException.check("socket", Libc.socket(family, SocketConstants.SOCK_DGRAM, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(SockAddr.IN6_BYTES, 8);
            int length = SockAddr.encode(address, port, 0, target, 0);
            ErrnoException.check("connect", Libc.connect(fd, target, 0, length));
        }
        int level = SocketConstants.SOL_UDP;
        int set = Libc.setsockopt(fd, level, SocketConstants.UDP_SEGMENT, SEGMENT_BYTES);
        ErrnoException.check("UDP_SEGMENT", set);
        return fd;
    }

    private static void assertReceives(DatagramSocket socket, byte[] burst) throws Exception {
        DatagramPacket datagram = new DatagramPacket(new byte[2000], 2000);
        for (int at = 0; at < burst.length; at += SEGMENT_BYTES) {
            socket.receive(datagram);
            byte[] expected =
                    Arrays.copyOfRange(burst, at, Math.min(burst.length, at + SEGMENT_BYTES));
            byte[] actual = Arrays.copyOf(datagram.getData(), datagram.getLength());
            assertArrayEquals(expected, actual);
            datagram.setLength(2000);
        }
    }
}

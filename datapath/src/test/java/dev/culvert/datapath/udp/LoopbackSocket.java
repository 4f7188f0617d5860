package dev.culvert.datapath.udp;

import static dev.culvert.tun.sys.SocketConstants.AF_INET;
import static dev.culvert.tun.sys.SocketConstants.AF_INET6;
import static dev.culvert.tun.sys.SocketConstants.IPV6_RECVPKTINFO;
import static dev.culvert.tun.sys.SocketConstants.IP_PKTINFO;
import static dev.culvert.tun.sys.SocketConstants.SOCK_CLOEXEC;
import static dev.culvert.tun.sys.SocketConstants.SOCK_DGRAM;
import static dev.culvert.tun.sys.SocketConstants.SOCK_NONBLOCK;
import static dev.culvert.tun.sys.SocketConstants.SOL_IP;
import static dev.culvert.tun.sys.SocketConstants.SOL_IPV6;
import static dev.culvert.tun.sys.SocketConstants.SOL_SOCKET;
import static dev.culvert.tun.sys.SocketConstants.SOL_UDP;
import static dev.culvert.tun.sys.SocketConstants.SO_RCVBUF;
import static dev.culvert.tun.sys.SocketConstants.SO_RCVBUFFORCE;
import static dev.culvert.tun.sys.SocketConstants.UDP_GRO;
import static dev.culvert.tun.sys.SocketConstants.UDP_SEGMENT;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** UDP sockets on a loopback address for tests of the I/O engines. */
public final class LoopbackSocket {
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
    private static final byte[] LOOPBACK4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private LoopbackSocket() {}

    /** A receiving socket with packet information and UDP_GRO, as the data path opens them. */
    public static UdpSocket open(boolean ipv6) {
        int fd = bound(ipv6);
        check(Libc.setsockopt(fd, SOL_UDP, UDP_GRO, 1));
        check(
                ipv6
                        ? Libc.setsockopt(fd, SOL_IPV6, IPV6_RECVPKTINFO, 1)
                        : Libc.setsockopt(fd, SOL_IP, IP_PKTINFO, 1));
        return new UdpSocket(fd, ipv6, true);
    }

    /** A bound, non-blocking socket of which the caller closes the descriptor. */
    public static int bound(boolean ipv6) {
        return bound(ipv6, 0);
    }

    /** Likewise, on this port. */
    public static int bound(boolean ipv6, int port) {
        int fd = unbound(ipv6);
        check(Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES));
        // Without CAP_NET_ADMIN the buffer stays at net.core.rmem_max.
        Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.MAX_BYTES, 8);
            int length = SockAddr.encode(ipv6 ? LOOPBACK6 : LOOPBACK4, port, 0, address, 0);
            check(Libc.bind(fd, address, 0, length));
        }
        return fd;
    }

    /** A connected sender to that port of the loopback address. */
    public static int connected(boolean ipv6, int port) {
        int fd = bound(ipv6);
        connect(fd, ipv6 ? LOOPBACK6 : LOOPBACK4, port);
        return fd;
    }

    /** Makes that the destination of what is written. */
    public static void connect(int fd, byte[] destination, int port) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.MAX_BYTES, 8);
            int length = SockAddr.encode(destination, port, 0, address, 0);
            check(Libc.connect(fd, address, 0, length));
        }
    }

    /** A socket that the kernel will choose address and port of. */
    public static int unbound(boolean ipv6) {
        int family = ipv6 ? AF_INET6 : AF_INET;
        return check(Libc.socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    }

    /** Makes the kernel cut what is written into datagrams of this size. */
    public static void segment(int fd, int sizeBytes) {
        check(Libc.setsockopt(fd, SOL_UDP, UDP_SEGMENT, sizeBytes));
    }

    public static int port(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.MAX_BYTES, 8);
            check(Libc.getsockname(fd, address, 0, SockAddr.MAX_BYTES));
            return SockAddr.port(address, 0);
        }
    }

    /** Sends one datagram (or, segmented, several) whose first 4 bytes are this number. */
    public static void send(int fd, int number, int sizeBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(sizeBytes, 4));
            bytes.set(ValueLayout.JAVA_INT_UNALIGNED, 0, number);
            int sent = Libc.write(fd, bytes, 0, sizeBytes);
            if (sent != sizeBytes) {
                throw new IllegalStateException("write: " + Errno.text(sent));
            }
        }
    }

    private static int check(int result) {
        if (result < 0) {
            throw new IllegalStateException(Errno.text(result));
        }
        return result;
    }
}

package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of both families on one port. On a host without IPv6, or without IPv4, the other one
 * alone. Opened, marked and closed by the home thread.
 */
public final class UdpSocketPair implements AutoCloseable {
    /** Random ports tried until one is free in both families. */
    private static final int MAX_TRIES = 100;

    private final @Nullable UdpSocket v4;
    private final @Nullable UdpSocket v6;
    private final int port;

    private UdpSocketPair(@Nullable UdpSocket v4, @Nullable UdpSocket v6, int port) {
        this.v4 = v4;
        this.v6 = v6;
        this.port = port;
    }

    /**
     * Opens and binds both sockets in the network namespace of the calling thread.
     *
     * @param port 1..65535, or 0 for a random one
     * @param fwmark for SO_MARK, as unsigned 32 bit; 0: none
     * @param addresses what they are bound to
     * @throws UdpBindException when a socket cannot be had for another reason than that the host
     *     lacks its family, or the host has neither
     */
    public static UdpSocketPair bind(
            int port, int fwmark, UdpOffload offload, UdpAddresses addresses)
            throws UdpBindException {
        return bind(port, fwmark, offload, addresses, UdpFamilies.BOTH);
    }

    static UdpSocketPair bind(
            int port, int fwmark, UdpOffload offload, UdpAddresses addresses, UdpFamilies families)
            throws UdpBindException {
        UdpBindException last = null;
        for (int i = 0; i < (port == 0 ? MAX_TRIES : 1); i++) {
            try {
                return tryBind(port, fwmark, offload, addresses, families);
            } catch (UdpBindException e) {
                if (e.errno() != Errno.EADDRINUSE) {
                    throw e;
                }
                last = e;
            }
        }
        if (last == null) {
            throw new IllegalStateException("no try");
        }
        throw last;
    }

    private static UdpSocketPair tryBind(
            int port, int fwmark, UdpOffload offload, UdpAddresses addresses, UdpFamilies families)
            throws UdpBindException {
        UdpSocket v4 =
                families.has(false) ? bindOne(false, port, fwmark, offload, addresses) : null;
        int chosen = v4 == null ? port : portOf(v4);
        UdpSocket v6;
        try {
            v6 = families.has(true) ? bindOne(true, chosen, fwmark, offload, addresses) : null;
        } catch (UdpBindException e) {
            if (v4 != null) {
                v4.close();
            }
            throw e;
        }
        if (v6 == null && v4 == null) {
            throw new UdpBindException("neither IPv4 nor IPv6 here", Errno.EAFNOSUPPORT);
        }
        return new UdpSocketPair(v4, v6, v4 == null && v6 != null ? portOf(v6) : chosen);
    }

    /** Null: the host lacks this family. */
    private static @Nullable UdpSocket bindOne(
            boolean ipv6, int port, int fwmark, UdpOffload offload, UdpAddresses addresses)
            throws UdpBindException {
        int family = ipv6 ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
        int fd =
                Libc.socket(
                        family,
                        SocketConstants.SOCK_DGRAM
                                | SocketConstants.SOCK_NONBLOCK
                                | SocketConstants.SOCK_CLOEXEC,
                        0);
        if (fd == -Errno.EAFNOSUPPORT) {
            return null;
        }
        if (fd < 0) {
            throw new UdpBindException("UDP socket for " + (ipv6 ? "IPv6" : "IPv4"), -fd);
        }
        int result = UdpOptions.apply(fd, ipv6, offload);
        if (result >= 0 && fwmark != 0) {
            result = UdpOptions.mark(fd, fwmark);
            if (result < 0) {
                Libc.close(fd);
                throw new UdpBindException("fwmark of the UDP socket", -result);
            }
        }
        if (result >= 0) {
            result = bind(fd, addresses.of(ipv6), port);
        }
        if (result < 0) {
            Libc.close(fd);
            // Such as IPv6 that is built in but has been taken away from this namespace.
            if (result == -Errno.EADDRNOTAVAIL) {
                return null;
            }
            throw new UdpBindException(
                    "UDP port " + port + (ipv6 ? " (IPv6)" : " (IPv4)"), -result);
        }
        return new UdpSocket(fd, ipv6, offload.segmentation() && UdpOptions.canSegment(fd));
    }

    private static int bind(int fd, byte[] address, int port) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SockAddr.MAX_BYTES, 8);
            int length = SockAddr.encode(address, port, 0, name, 0);
            return Libc.bind(fd, name, 0, length);
        }
    }

    private static int portOf(UdpSocket socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SockAddr.MAX_BYTES, 8);
            int result = Libc.getsockname(socket.fd(), name, 0, SockAddr.MAX_BYTES);
            if (result < 0) {
                throw new IllegalStateException("getsockname: " + Errno.text(result));
            }
            return SockAddr.port(name, 0);
        }
    }

    /** The port that both sockets are bound to, 1..65535. */
    public int port() {
        return port;
    }

    /** The socket of an endpoint's family, or null when the host lacks it. */
    public @Nullable UdpSocket socketFor(UdpEndpoint endpoint) {
        return endpoint.ipv6() ? v6 : v4;
    }

    /** One or two. */
    public List<UdpSocket> sockets() {
        List<UdpSocket> sockets = new ArrayList<>(2);
        if (v4 != null) {
            sockets.add(v4);
        }
        if (v6 != null) {
            sockets.add(v6);
        }
        return sockets;
    }

    /**
     * Sets SO_MARK of both sockets.
     *
     * @param fwmark unsigned 32 bit; 0: none
     * @return 0 or the positive errno of the first that failed
     */
    public int mark(int fwmark) {
        for (UdpSocket socket : sockets()) {
            int result = UdpOptions.mark(socket.fd(), fwmark);
            if (result < 0) {
                return -result;
            }
        }
        return 0;
    }

    /**
     * Acquires both sockets, for one batch of sends.
     *
     * @return false: closed, nothing was acquired
     */
    public boolean acquire() {
        if (v4 != null && !v4.acquire()) {
            return false;
        }
        if (v6 != null && !v6.acquire()) {
            if (v4 != null) {
                v4.release();
            }
            return false;
        }
        return true;
    }

    /** Gives back what {@link #acquire} took. */
    public void release() {
        if (v4 != null) {
            v4.release();
        }
        if (v6 != null) {
            v6.release();
        }
    }

    /** Closes both, once their last users have let go. */
    @Override
    public void close() {
        if (v4 != null) {
            v4.close();
        }
        if (v6 != null) {
            v6.close();
        }
    }
}

package dev.culvert.datapath.udp;

import static dev.culvert.tun.sys.SocketConstants.IPV6_RECVPKTINFO;
import static dev.culvert.tun.sys.SocketConstants.IPV6_RECVTCLASS;
import static dev.culvert.tun.sys.SocketConstants.IPV6_V6ONLY;
import static dev.culvert.tun.sys.SocketConstants.IP_MTU_DISCOVER;
import static dev.culvert.tun.sys.SocketConstants.IP_PKTINFO;
import static dev.culvert.tun.sys.SocketConstants.IP_PMTUDISC_DONT;
import static dev.culvert.tun.sys.SocketConstants.IP_RECVTOS;
import static dev.culvert.tun.sys.SocketConstants.SOL_IP;
import static dev.culvert.tun.sys.SocketConstants.SOL_IPV6;
import static dev.culvert.tun.sys.SocketConstants.SOL_SOCKET;
import static dev.culvert.tun.sys.SocketConstants.SOL_UDP;
import static dev.culvert.tun.sys.SocketConstants.SO_MARK;
import static dev.culvert.tun.sys.SocketConstants.SO_RCVBUF;
import static dev.culvert.tun.sys.SocketConstants.SO_RCVBUFFORCE;
import static dev.culvert.tun.sys.SocketConstants.SO_SNDBUF;
import static dev.culvert.tun.sys.SocketConstants.SO_SNDBUFFORCE;
import static dev.culvert.tun.sys.SocketConstants.UDP_GRO;
import static dev.culvert.tun.sys.SocketConstants.UDP_SEGMENT;

import dev.culvert.tun.sys.Libc;

/** The options of a UDP socket before it is bound. */
final class UdpOptions {
    /** As much as a few milliseconds at 10 Gbit/s. */
    private static final int BUFFER_BYTES = 7 << 20;

    private UdpOptions() {}

    /** 0, or the negative errno of an option that cannot be done without. */
    static int apply(int fd, boolean ipv6, UdpOffload offload) {
        int result = ipv6 ? applyV6(fd) : applyV4(fd);
        if (result < 0) {
            return result;
        }
        // Above the sysctl limits only with CAP_NET_ADMIN: what is granted is good enough.
        Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES);
        Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES);
        Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES);
        Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_BYTES);
        if (offload.coalescing() && KernelRelease.atLeast(5, 12)) {
            // A kernel that refuses it delivers datagram by datagram.
            Libc.setsockopt(fd, SOL_UDP, UDP_GRO, 1);
        }
        return 0;
    }

    private static int applyV4(int fd) {
        // DF clear: fragmenting on the way is better than losing packets in silence.
        int result = Libc.setsockopt(fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
        if (result >= 0) {
            result = Libc.setsockopt(fd, SOL_IP, IP_PKTINFO, 1);
        }
        return result >= 0 ? Libc.setsockopt(fd, SOL_IP, IP_RECVTOS, 1) : result;
    }

    private static int applyV6(int fd) {
        int result = Libc.setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, 1);
        if (result >= 0) {
            result = Libc.setsockopt(fd, SOL_IPV6, IPV6_RECVPKTINFO, 1);
        }
        return result >= 0 ? Libc.setsockopt(fd, SOL_IPV6, IPV6_RECVTCLASS, 1) : result;
    }

    /** Whether the kernel knows UDP_SEGMENT. */
    static boolean canSegment(int fd) {
        return Libc.getsockopt(fd, SOL_UDP, UDP_SEGMENT) >= 0;
    }

    static int mark(int fd, int fwmark) {
        return Libc.setsockopt(fd, SOL_SOCKET, SO_MARK, fwmark);
    }
}

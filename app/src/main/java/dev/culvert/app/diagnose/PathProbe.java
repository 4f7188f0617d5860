package dev.culvert.app.diagnose;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * How large a packet gets through, by echo requests (RFC 792) that must not be fragmented, over the
 * ping sockets of Linux: they take no privilege but net.ipv4.ping_group_range.
 */
final class PathProbe {
    private static final int IPPROTO_ICMP = 1;
    private static final int IP_PMTUDISC_PROBE = 3;
    private static final byte ECHO_REQUEST = 8;
    private static final int HEADERS_BYTES = 28;
    private static final int SMALL_BYTES = 84;
    private static final int SMALLEST_MTU_BYTES = 576;
    private static final int WAIT_MS = 700;
    private static final int ATTEMPTS = 2;

    /**
     * What came of it.
     *
     * @param target who was asked; empty: nobody could be
     * @param answers small packets come back
     * @param largestBytes of the packets that come back; 0: none
     * @param why it could not be tried; empty: it was
     */
    record Result(String target, boolean answers, int largestBytes, String why) {
        static Result notTried(String why) {
            return new Result("", false, 0, why);
        }
    }

    private PathProbe() {}

    /**
     * Tries a small packet, then the largest, then what lies between.
     *
     * @param mtuBytes the largest packet to try
     */
    static Result of(InetAddress target, int mtuBytes) {
        if (!(target instanceof Inet4Address)) {
            return Result.notTried("only IPv4 is tried");
        }
        String name = target.getHostAddress();
        try {
            if (!answers(target, SMALL_BYTES)) {
                return new Result(name, false, 0, "");
            }
            if (answers(target, mtuBytes)) {
                return new Result(name, true, mtuBytes, "");
            }
            int passes = SMALL_BYTES;
            int fails = mtuBytes;
            int size = SMALLEST_MTU_BYTES;
            while (fails - passes > 8) {
                if (answers(target, size)) {
                    passes = size;
                } else {
                    fails = size;
                }
                size = (passes + fails) / 2;
            }
            return new Result(name, true, passes, "");
        } catch (ErrnoException refused) {
            return Result.notTried(
                    "the kernel refuses pings ("
                            + refused.getMessage()
                            + "; sysctl net.ipv4.ping_group_range)");
        }
    }

    private static boolean answers(InetAddress target, int packetBytes) throws ErrnoException {
        int fd =
                ErrnoException.check(
                        "socket",
                        Libc.socket(
                                SocketConstants.AF_INET,
                                SocketConstants.SOCK_DGRAM | SocketConstants.SOCK_CLOEXEC,
                                IPPROTO_ICMP));
        try (Arena arena = Arena.ofConfined()) {
            ErrnoException.check(
                    "IP_MTU_DISCOVER",
                    Libc.setsockopt(
                            fd,
                            SocketConstants.SOL_IP,
                            SocketConstants.IP_MTU_DISCOVER,
                            IP_PMTUDISC_PROBE));
            MemorySegment address = arena.allocate(SockAddr.MAX_BYTES, 8);
            int length = SockAddr.encode(target.getAddress(), 0, 0, address, 0);
            if (Libc.connect(fd, address, 0, length) < 0) {
                return false;
            }
            MemorySegment packet = arena.allocate(packetBytes, 8);
            MemorySegment polled = arena.allocate(PollFd.SIZE_BYTES, 8);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                packet.fill((byte) 0);
                packet.set(ValueLayout.JAVA_BYTE, 0, ECHO_REQUEST);
                int sent = Libc.write(fd, packet, 0, packetBytes - HEADERS_BYTES + 8);
                if (sent == -Errno.EMSGSIZE) {
                    return false;
                }
                PollFd.set(polled, 0, 0, fd, PollFd.POLLIN);
                if (sent > 0
                        && Libc.poll(polled, 0, 1, WAIT_MS) > 0
                        && Libc.recv(fd, packet, 0, packetBytes, 0) > 0) {
                    return true;
                }
            }
            return false;
        } finally {
            Libc.close(fd);
        }
    }
}

package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * That something was changed, not what: whoever hears it asks for the state, so nothing is lost
 * with a message that is. In the network namespace of the thread that opened it. One thread at a
 * time; to be polled for input.
 */
public final class Announcements implements AutoCloseable {
    /** Of each message: the kernel throws the rest away. */
    private static final int READ_BYTES = 1;

    /** For the case that they come faster than they are read: what is left announces again. */
    private static final int MAX_AT_ONCE = 4096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buf = arena.allocate(READ_BYTES);
    private final int fd;

    private Announcements(int fd) {
        this.fd = fd;
    }

    /** Of links, addresses, routes and policy rules. */
    public static Announcements ofNetwork() throws ErrnoException {
        return new Announcements(
                Multicast.subscribe(
                        Multicast.NETLINK_ROUTE,
                        Multicast.LINKS_ADDRESSES_ROUTES
                                | Multicast.RTMGRP_IPV4_RULE
                                | Multicast.RTMGRP_IPV6_RULE));
    }

    /** Of all nftables rules of the namespace, whosever they are: takes CAP_NET_ADMIN. */
    public static Announcements ofNftables() throws ErrnoException {
        return new Announcements(
                Multicast.subscribe(Multicast.NETLINK_NETFILTER, Multicast.NFTABLES));
    }

    public int fd() {
        return fd;
    }

    /** Takes what was announced so far, and an overflow; true: there was something. */
    public boolean drain() {
        for (int i = 0; i < MAX_AT_ONCE; i++) {
            int received = Libc.recv(fd, buf, 0, READ_BYTES, 0);
            if (received == -Errno.EAGAIN) {
                return i > 0;
            }
            if (received < 0 && received != -Errno.ENOBUFS && received != -Errno.EINTR) {
                return true; // Asking for the state is the answer to everything.
            }
        }
        return true;
    }

    @Override
    public void close() {
        Libc.close(fd);
        arena.close();
    }
}

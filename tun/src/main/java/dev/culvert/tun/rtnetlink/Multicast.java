package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Netlink sockets to which the kernel sends what it tells everybody. */
final class Multicast {
    static final int NETLINK_ROUTE = 0;
    static final int NETLINK_NETFILTER = 12;

    static final int RTMGRP_LINK = 0x1;
    static final int RTMGRP_IPV4_IFADDR = 0x10;
    static final int RTMGRP_IPV4_ROUTE = 0x40;
    static final int RTMGRP_IPV4_RULE = 0x80;
    static final int RTMGRP_IPV6_IFADDR = 0x100;
    static final int RTMGRP_IPV6_ROUTE = 0x400;

    /** {@code RTNLGRP_IPV6_RULE}, 19. */
    static final int RTMGRP_IPV6_RULE = 1 << 18;

    /** {@code NFNLGRP_NFTABLES}, 7; takes CAP_NET_ADMIN. */
    static final int NFTABLES = 1 << 6;

    static final int LINKS_ADDRESSES_ROUTES =
            RTMGRP_LINK
                    | RTMGRP_IPV4_IFADDR
                    | RTMGRP_IPV4_ROUTE
                    | RTMGRP_IPV6_IFADDR
                    | RTMGRP_IPV6_ROUTE;

    private Multicast() {}

    /** A socket of these groups that does not block; the caller closes it. */
    static int subscribe(int protocol, int groups) throws ErrnoException {
        int fd =
                ErrnoException.check(
                        "netlink socket",
                        Libc.socket(
                                SocketConstants.AF_NETLINK,
                                SocketConstants.SOCK_RAW
                                        | SocketConstants.SOCK_CLOEXEC
                                        | SocketConstants.SOCK_NONBLOCK,
                                protocol));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.MAX_BYTES);
            int length = SockAddr.encodeNetlink(0, groups, address, 0);
            int bound = Libc.bind(fd, address, 0, length);
            if (bound < 0) {
                Libc.close(fd);
                throw new ErrnoException("netlink bind", bound);
            }
        }
        return fd;
    }
}

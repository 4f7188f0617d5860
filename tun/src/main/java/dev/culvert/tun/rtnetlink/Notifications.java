package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.Cmsg;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Iovec;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.MsgHdr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Notifications of links, addresses and routes, in the network namespace of the thread that opened
 * it. One thread at a time; to be polled for input.
 */
public final class Notifications implements AutoCloseable {
    private static final int NETLINK_LISTEN_ALL_NSID = 8;

    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int CONTROL_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buf = arena.allocate(BUFFER_BYTES, 8);
    private final ByteBuffer view = buf.asByteBuffer().order(ByteOrder.nativeOrder());
    private final MemorySegment msghdr = arena.allocate(MsgHdr.SIZE_BYTES, 8);
    private final MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
    private final int fd;

    private Notifications(int fd) {
        this.fd = fd;
        MemorySegment iovec = arena.allocate(Iovec.SIZE_BYTES, 8);
        Iovec.set(iovec, 0, 0, buf.address(), BUFFER_BYTES);
        MsgHdr.setIovecs(msghdr, 0, iovec.address(), 1);
    }

    public static Notifications open() throws ErrnoException {
        return new Notifications(
                Multicast.subscribe(Multicast.NETLINK_ROUTE, Multicast.LINKS_ADDRESSES_ROUTES));
    }

    public int fd() {
        return fd;
    }

    /**
     * Whether to hear of links in every namespace that has a number here. False: the kernel
     * refuses, since that takes CAP_NET_BROADCAST.
     */
    public boolean listenToOtherNamespaces(boolean listen) {
        return Libc.setsockopt(
                        fd, SocketConstants.SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, listen ? 1 : 0)
                >= 0;
    }

    /** Takes all that wait, in order. */
    public void drain(NotificationListener listener) throws ErrnoException {
        while (true) {
            MsgHdr.setControl(msghdr, 0, control.address(), CONTROL_BYTES);
            int received = Libc.recvmsg(fd, msghdr, 0, 0);
            if (received == -Errno.EAGAIN) {
                return;
            }
            if (received == -Errno.EINTR) {
                continue;
            }
            boolean truncated =
                    received >= 0 && (MsgHdr.flags(msghdr, 0) & SocketConstants.MSG_TRUNC) != 0;
            if (received == -Errno.ENOBUFS || truncated) {
                listener.overflowed();
                continue;
            }
            ErrnoException.check("netlink receive", received);
            decode(received, namespaceId(), listener);
        }
    }

    private int namespaceId() {
        long length = MsgHdr.controlLength(msghdr, 0);
        for (long at = Cmsg.first(control, 0, length);
                at >= 0;
                at = Cmsg.next(control, at, 0, length)) {
            if (Cmsg.level(control, at) == SocketConstants.SOL_NETLINK
                    && Cmsg.type(control, at) == NETLINK_LISTEN_ALL_NSID
                    && Cmsg.dataLength(control, at) >= 4) {
                return control.get(ValueLayout.JAVA_INT, Cmsg.dataOffset(at));
            }
        }
        return NotificationListener.HOME;
    }

    private void decode(int received, int namespaceId, NotificationListener listener) {
        int at = 0;
        while (received - at >= Netlink.HEADER_BYTES) {
            int length = view.getInt(at);
            if (length < Netlink.HEADER_BYTES || length > received - at) {
                listener.overflowed();
                return;
            }
            ByteBuffer whole = view.slice(at, length).order(ByteOrder.nativeOrder());
            at += Netlink.align(length);
            int type = Short.toUnsignedInt(whole.getShort(4));
            switch (type) {
                case Netlink.RTM_NEWLINK, Netlink.RTM_DELLINK -> {
                    Link link = Link.decode(whole);
                    if (link == null) {
                        continue;
                    }
                    if (type == Netlink.RTM_NEWLINK) {
                        listener.linkChanged(link, namespaceId);
                    } else {
                        listener.linkGone(link, namespaceId);
                    }
                }
                case Netlink.RTM_NEWADDR,
                        Netlink.RTM_DELADDR,
                        Netlink.RTM_NEWROUTE,
                        Netlink.RTM_DELROUTE -> {
                    if (namespaceId == NotificationListener.HOME) {
                        listener.routesChanged();
                    }
                }
                default -> {}
            }
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
        arena.close();
    }
}

package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Iovec;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.MsgHdr;
import dev.culvert.tun.sys.PollFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One thread's way to send: a run of equal datagrams, laid out one behind the other, by one sendmsg
 * with UDP_SEGMENT, or by one sendmmsg where the kernel refuses that. The message headers stand
 * ready in native memory and are changed only when destination, TOS or segment size do.
 */
public final class UdpSender {
    /** The kernel's bound on the datagrams of one send (UDP_MAX_SEGMENTS of the first kernels). */
    public static final int MAX_SEGMENTS = 64;

    /** UDP payload that an IPv4 packet holds: 65535 - 20 - 8. */
    public static final int MAX_PAYLOAD_V4_BYTES = 65507;

    /** UDP payload that an IPv6 packet holds without jumbograms: 65535 - 8. */
    public static final int MAX_PAYLOAD_V6_BYTES = 65527;

    private static final int CONTROL_BYTES = 128;
    private static final int NAME_BYTES = 32;

    /** How long a full send buffer may hold up the thread, in polls of so many milliseconds. */
    private static final int WAIT_MS = 100;

    private static final int MAX_WAITS = 10;

    private final MemorySegment header;
    private final MemorySegment iovec;
    private final MemorySegment name;
    private final MemorySegment control;
    private final MemorySegment pollFd;

    /** One message header and one iovec per datagram, for sends without UDP_SEGMENT. */
    private final MemorySegment headers;

    private final MemorySegment iovecs;

    // What the message header says at present.
    private @Nullable UdpEndpoint endpoint;
    private int tos;
    private int segmentBytes;

    private boolean sourceRefused;
    private long segmentationRefusals;

    /**
     * @param arena lives as long as this
     */
    public UdpSender(Arena arena) {
        header = arena.allocate(MsgHdr.SIZE_BYTES, 8);
        iovec = arena.allocate(Iovec.SIZE_BYTES, 8);
        name = arena.allocate(NAME_BYTES, 8);
        control = arena.allocate(CONTROL_BYTES, 8);
        pollFd = arena.allocate(PollFd.SIZE_BYTES, 8);
        headers = arena.allocate(MAX_SEGMENTS * MsgHdr.MMSG_SIZE_BYTES, 8);
        iovecs = arena.allocate(MAX_SEGMENTS * Iovec.SIZE_BYTES, 8);
        MsgHdr.setIovecs(header, 0, iovec.address(), 1);
    }

    /** The largest UDP payload to that address, of one datagram or of a whole run. */
    public static int maxPayloadBytes(UdpEndpoint to) {
        return to.ipv6() ? MAX_PAYLOAD_V6_BYTES : MAX_PAYLOAD_V4_BYTES;
    }

    /**
     * Sends datagrams of {@code segmentBytes} each, the last one of what is left. Waits for room in
     * the send buffer, but not for ever. When the source address is refused the datagrams go out
     * without it, and {@link #sourceRefused} says so until the next call.
     *
     * @param socket acquired, of the endpoint's family
     * @param tos TOS or traffic class of the outer header
     * @param length at most {@link #maxPayloadBytes} and {@link #MAX_SEGMENTS} datagrams
     * @return 0, or the negative errno that the datagrams were dropped with
     */
    public int send(
            UdpSocket socket,
            UdpEndpoint to,
            int tos,
            MemorySegment buf,
            long offset,
            int length,
            int segmentBytes) {
        sourceRefused = false;
        int result = trySend(socket, to, tos, buf, offset, length, segmentBytes);
        if (result < 0 && to.hasSource() && maybeSource(result)) {
            result = trySend(socket, to.withoutSource(), tos, buf, offset, length, segmentBytes);
            sourceRefused = result == 0;
        }
        return result;
    }

    /** Whether the last send only succeeded without the endpoint's source address. */
    public boolean sourceRefused() {
        return sourceRefused;
    }

    /** How often the kernel refused UDP_SEGMENT and the datagrams were sent one by one. */
    public long segmentationRefusals() {
        return segmentationRefusals;
    }

    private int trySend(
            UdpSocket socket,
            UdpEndpoint to,
            int tos,
            MemorySegment buf,
            long offset,
            int length,
            int segmentBytes) {
        boolean single = length <= segmentBytes;
        if (!single && !socket.segmentation()) {
            return sendOneByOne(socket, to, tos, buf, offset, length, segmentBytes);
        }
        address(to, tos, single ? 0 : segmentBytes);
        Iovec.set(iovec, 0, 0, buf.address() + offset, length);
        int result = Libc.sendmsg(socket.fd(), header, 0, 0);
        for (int i = 0; i < MAX_WAITS && retry(result, socket); i++) {
            result = Libc.sendmsg(socket.fd(), header, 0, 0);
        }
        if (result >= 0) {
            return 0;
        }
        if (single || !maybeSegmentation(result)) {
            return result;
        }
        int oneByOne = sendOneByOne(socket, to, tos, buf, offset, length, segmentBytes);
        if (oneByOne == 0) {
            // Only now it is sure that it was not the source address or the route.
            socket.refuseSegmentation();
            segmentationRefusals++;
        }
        return oneByOne;
    }

    private int sendOneByOne(
            UdpSocket socket,
            UdpEndpoint to,
            int tos,
            MemorySegment buf,
            long offset,
            int length,
            int segmentBytes) {
        address(to, tos, 0);
        int count = (length + segmentBytes - 1) / segmentBytes;
        for (int i = 0; i < count; i++) {
            int at = i * segmentBytes;
            Iovec.set(
                    iovecs, 0, i, buf.address() + offset + at, Math.min(segmentBytes, length - at));
            MemorySegment.copy(header, 0, headers, i * MsgHdr.MMSG_SIZE_BYTES, MsgHdr.SIZE_BYTES);
            MsgHdr.setIovecs(
                    headers,
                    i * MsgHdr.MMSG_SIZE_BYTES,
                    iovecs.address() + i * Iovec.SIZE_BYTES,
                    1);
        }
        int sent = 0;
        int waits = 0;
        while (sent < count) {
            int result =
                    Libc.sendmmsg(
                            socket.fd(), headers, sent * MsgHdr.MMSG_SIZE_BYTES, count - sent, 0);
            if (result > 0) {
                sent += result;
            } else if (waits++ >= MAX_WAITS || !retry(result, socket)) {
                return result;
            }
        }
        return 0;
    }

    /** Whether to send again: interrupted, or the send buffer was full and we waited for it. */
    private boolean retry(int result, UdpSocket socket) {
        if (result == -Errno.EAGAIN) {
            PollFd.set(pollFd, 0, 0, socket.fd(), PollFd.POLLOUT);
            Libc.poll(pollFd, 0, 1, WAIT_MS);
            return true;
        }
        return result == -Errno.EINTR;
    }

    private static boolean maybeSource(int result) {
        return switch (-result) {
            case Errno.EINVAL,
                    Errno.EADDRNOTAVAIL,
                    Errno.ENETUNREACH,
                    Errno.EHOSTUNREACH,
                    Errno.ENETDOWN,
                    Errno.ENODEV ->
                    true;
            default -> false;
        };
    }

    private static boolean maybeSegmentation(int result) {
        return result == -Errno.EIO || result == -Errno.EINVAL || result == -Errno.EMSGSIZE;
    }

    private void address(UdpEndpoint to, int tos, int segmentBytes) {
        if (to == endpoint && tos == this.tos && segmentBytes == this.segmentBytes) {
            return;
        }
        if (to != endpoint) {
            MsgHdr.setName(header, 0, name.address(), to.encode(name, 0));
        }
        long length = to.hasSource() ? ControlMessages.putSource(control, 0, to) : 0;
        if (tos != 0) {
            length += ControlMessages.putTos(control, length, to.ipv6(), tos);
        }
        if (segmentBytes != 0) {
            length += ControlMessages.putSegmentSize(control, length, segmentBytes);
        }
        MsgHdr.setControl(header, 0, length == 0 ? 0 : control.address(), length);
        endpoint = to;
        this.tos = tos;
        this.segmentBytes = segmentBytes;
    }
}

package dev.culvert.datapath.outbound;

import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.datapath.udp.UdpPort;
import dev.culvert.datapath.udp.UdpSender;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Errno;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.peer.Peer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams to one peer, laid out one behind the other as UDP_SEGMENT wants them: all of one size
 * but the last, which may be shorter. What does not fit a run sends it and starts the next one. One
 * thread at a time.
 */
public final class DatagramRun {
    private static final int CAPACITY_BYTES = 65536;

    private final UdpPort port;
    private final UdpSender sender;
    private final DropCounters drops;
    private final MemorySegment buffer;

    private @Nullable Peer peer;
    private @Nullable UdpEndpoint to;
    private int tos;
    private int segmentBytes;
    private int count;
    private int usedBytes;
    private int limitBytes;
    private boolean complete;
    private boolean data;

    /**
     * @param arena lives as long as this
     * @param drops the calling thread's
     */
    public DatagramRun(Arena arena, UdpPort port, DropCounters drops) {
        this.port = port;
        this.sender = new UdpSender(arena);
        this.drops = drops;
        this.buffer = arena.allocate(CAPACITY_BYTES, 64);
    }

    /** Where datagrams are written to. */
    MemorySegment buffer() {
        return buffer;
    }

    /**
     * Room for one datagram, which counts as appended: the caller writes all of it. Sends the run
     * first when the datagram cannot go with it.
     *
     * @param sizeBytes of the datagram
     * @param isData whether it carries a packet
     * @return offset in {@link #buffer}, or -1: longer than a datagram can be
     */
    long room(Peer peer, UdpEndpoint to, int tos, int sizeBytes, boolean isData, long nowNs) {
        boolean fits =
                !complete
                        && to == this.to
                        && peer == this.peer
                        && tos == this.tos
                        && sizeBytes <= segmentBytes
                        && usedBytes + sizeBytes <= limitBytes
                        && count < UdpSender.MAX_SEGMENTS;
        if (!fits) {
            flush(nowNs);
            this.peer = peer;
            this.to = to;
            this.tos = tos;
            limitBytes = UdpSender.maxPayloadBytes(to);
            if (sizeBytes > limitBytes) {
                this.peer = null;
                this.to = null;
                return -1;
            }
            segmentBytes = sizeBytes;
        }
        long at = usedBytes;
        usedBytes += sizeBytes;
        count++;
        complete = sizeBytes < segmentBytes;
        data |= isData;
        return at;
    }

    /** Sends the run, if there is one. */
    void flush(long nowNs) {
        Peer peer = this.peer;
        UdpEndpoint to = this.to;
        if (count > 0 && peer != null && to != null) {
            send(peer, to, nowNs);
        }
        this.peer = null;
        this.to = null;
        segmentBytes = 0;
        count = 0;
        usedBytes = 0;
        complete = false;
        data = false;
    }

    private void send(Peer peer, UdpEndpoint to, long nowNs) {
        UdpSocket socket = port.acquireFor(to);
        if (socket == null) {
            drops.count(DropReason.NO_SOCKET, count);
            return;
        }
        long heardNs = peer.onSending(count, usedBytes);
        int result = sender.send(socket, to, tos, buffer, 0, usedBytes, segmentBytes);
        socket.release();
        if (sender.sourceRefused()) {
            peer.clearSource();
        }
        if (result == 0) {
            peer.onSent(nowNs, data, heardNs);
        } else {
            peer.onSendFailed(count, usedBytes);
            boolean full = result == -Errno.EAGAIN;
            drops.count(full ? DropReason.SEND_BUFFER_FULL : DropReason.SEND_FAILED, count);
        }
    }

    /**
     * Sends one message that is no transport message, ahead of the run.
     *
     * @return 0 or a negative errno
     */
    public int sendMessage(UdpEndpoint to, int tos, byte[] message, long nowNs) {
        flush(nowNs);
        UdpSocket socket = port.acquireFor(to);
        if (socket == null) {
            drops.count(DropReason.NO_SOCKET);
            return -Errno.EAFNOSUPPORT;
        }
        MemorySegment.copy(message, 0, buffer, ValueLayout.JAVA_BYTE, 0, message.length);
        int result = sender.send(socket, to, tos, buffer, 0, message.length, message.length);
        socket.release();
        if (result < 0) {
            drops.count(DropReason.SEND_FAILED);
        }
        return result;
    }

    /** How often the kernel refused UDP_SEGMENT. Any thread. */
    public long segmentationRefusals() {
        return sender.segmentationRefusals();
    }
}

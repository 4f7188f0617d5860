package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.MsgHdr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One shard on two rings, which read the TUN queue by turns. The fields here are the home thread's.
 */
final class IoUringPacketIo implements PacketIo {
    private static final long STOP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final TunReceiver tunWhileIdle;
    private final TunReceiver tunWhileBulk;
    private final UdpReceivers udp;
    private final InboundDuty inbound;
    private final IoFailureListener failures;
    private final RingLoop outboundLoop;
    private final RingLoop inboundLoop;

    private final Arena arena = Arena.ofShared();

    /** Tells the kernel how much room name and control messages have; it never changes. */
    private final MemorySegment msghdr = arena.allocate(MsgHdr.SIZE_BYTES, 8);

    private final List<UdpReceiver> active = new ArrayList<>();

    /** Groups of sockets that are gone; there are never more groups than sockets at once. */
    private final ArrayDeque<BufferGroup> idleGroups = new ArrayDeque<>();

    private short groups = TunReceiver.GROUP + 1;
    private boolean started;

    IoUringPacketIo(
            int shard,
            TunQueue tun,
            OutboundDuty outbound,
            InboundDuty inbound,
            BulkLoad load,
            IoFailureListener failures) {
        this.inbound = inbound;
        this.failures = failures;
        MsgHdr.setNameLength(msghdr, 0, ReceivedMessage.NAME_CAPACITY_BYTES);
        MsgHdr.setControlLength(msghdr, 0, ReceivedMessage.CONTROL_CAPACITY_BYTES);
        udp = new UdpReceivers(inbound, failures);
        tunWhileIdle = new TunReceiver(tun, outbound, load, false, this::readWhileBulk, failures);
        tunWhileBulk = new TunReceiver(tun, outbound, load, true, this::readWhileIdle, failures);
        outboundLoop = new RingLoop("outbound-" + shard, load, tunWhileBulk);
        // What has been written to the TUN, the next turn finds answered.
        inboundLoop = new RingLoop("inbound-" + shard, load, udp, tunWhileIdle);
    }

    // A loop that is ending does not read any more, and needs not be told.

    private void readWhileBulk() {
        outboundLoop.tell(tunWhileBulk::takeTurn);
    }

    private void readWhileIdle() {
        inboundLoop.tell(tunWhileIdle::takeTurn);
    }

    @Override
    public void start() {
        started = true;
        outboundLoop.tell(() -> tunWhileBulk.begin(outboundLoop.registered(tunWhileBulk)));
        inboundLoop.tell(() -> tunWhileIdle.begin(inboundLoop.registered(tunWhileIdle)));
    }

    @Override
    public void receiveFrom(List<UdpSocket> sockets) {
        List<UdpReceiver> gone =
                active.stream().filter(receiver -> !sockets.contains(receiver.socket())).toList();
        stop(gone);
        for (UdpSocket socket : sockets) {
            boolean known = active.stream().anyMatch(receiver -> receiver.socket() == socket);
            if (!known && socket.acquire()) {
                UdpReceiver receiver =
                        new UdpReceiver(socket, group(), msghdr.address(), inbound, failures);
                active.add(receiver);
                inboundLoop.tell(() -> udp.begin(receiver, inboundLoop));
            }
        }
    }

    private BufferGroup group() {
        BufferGroup idle = idleGroups.poll();
        return idle != null ? idle : new BufferGroup(groups++, UdpReceiver.HEAD_ROOM_BYTES);
    }

    /** All at once, so that the waiting is for one turn of the loop. */
    private void stop(List<UdpReceiver> gone) {
        for (UdpReceiver receiver : gone) {
            if (!inboundLoop.tell(() -> udp.stop(receiver))) {
                receiver.letGo();
            }
        }
        for (UdpReceiver receiver : gone) {
            if (!receiver.awaitEnd(STOP_TIMEOUT_NS)) {
                throw new IllegalStateException("io_uring does not cancel a receive");
            }
            active.remove(receiver);
            idleGroups.add(receiver.buffers);
            receiver.socket().release();
        }
    }

    @Override
    public void close() {
        boolean idleLoopTold = started && inboundLoop.tell(tunWhileIdle::stopReading);
        boolean bulkLoopTold = started && outboundLoop.tell(tunWhileBulk::stopReading);
        stop(List.copyOf(active));
        if ((idleLoopTold && !tunWhileIdle.awaitEnd(STOP_TIMEOUT_NS))
                || (bulkLoopTold && !tunWhileBulk.awaitEnd(STOP_TIMEOUT_NS))) {
            throw new IllegalStateException("io_uring does not cancel a read");
        }
        outboundLoop.stop();
        inboundLoop.stop();
        tunWhileIdle.buffers.close();
        tunWhileBulk.buffers.close();
        idleGroups.forEach(BufferGroup::close);
        arena.close();
    }
}

package dev.culvert.datapath.io;

import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Cmsg;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Notes what an engine hands to the inbound duty. */
final class InboundLog implements InboundDuty {
    /**
     * One receive.
     *
     * @param segmentBytes of the UDP_GRO control message, 0 without
     * @param packetInfo whether there was an IP_PKTINFO or IPV6_PKTINFO
     * @param stillThere whether the bytes were the same when the batch ended
     */
    record Received(
            UdpSocket socket,
            int number,
            int length,
            int segmentBytes,
            boolean packetInfo,
            int sourceAddressBytes,
            int sourcePort,
            boolean truncated,
            boolean stillThere) {}

    private record Open(MemorySegment buf, long offset, Received received) {}

    private final List<Open> batch = new ArrayList<>();
    private final List<Received> all = new ArrayList<>();
    private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);
    private volatile boolean throwing;
    private int batches;

    /** The engine's thread blocks in the duty until {@link #resume}. */
    void pause() {
        permits.drainPermits();
    }

    void resume() {
        permits.release(Integer.MAX_VALUE);
    }

    /** The next receive causes an exception. */
    void throwOnce() {
        throwing = true;
    }

    @Override
    public void onReceive(
            UdpSocket socket, MemorySegment buf, long offset, int length, ReceivedMessage meta) {
        permits.acquireUninterruptibly();
        if (throwing) {
            throwing = false;
            throw new IllegalStateException("thrown by a test");
        }
        int segmentBytes = 0;
        boolean packetInfo = false;
        MemorySegment control = meta.control();
        long base = meta.controlOffset();
        for (long at = Cmsg.first(control, base, meta.controlLength());
                at >= 0;
                at = Cmsg.next(control, at, base, meta.controlLength())) {
            int type = Cmsg.type(control, at);
            switch (Cmsg.level(control, at)) {
                case SocketConstants.SOL_UDP ->
                        segmentBytes = control.get(ValueLayout.JAVA_INT, Cmsg.dataOffset(at));
                case SocketConstants.SOL_IP -> packetInfo |= type == SocketConstants.IP_PKTINFO;
                case SocketConstants.SOL_IPV6 -> packetInfo |= type == SocketConstants.IPV6_PKTINFO;
                default -> throw new AssertionError("unexpected control message");
            }
        }
        Received received =
                new Received(
                        socket,
                        length < 4 ? -1 : number(buf, offset),
                        length,
                        segmentBytes,
                        packetInfo,
                        SockAddr.address(meta.name(), meta.nameOffset()).length,
                        SockAddr.port(meta.name(), meta.nameOffset()),
                        meta.truncated(),
                        false);
        batch.add(new Open(buf, offset, received));
    }

    @Override
    public void onBatchEnd() {
        synchronized (all) {
            for (Open open : batch) {
                Received r = open.received;
                boolean same = r.length < 4 || number(open.buf, open.offset) == r.number;
                all.add(
                        new Received(
                                r.socket,
                                r.number,
                                r.length,
                                r.segmentBytes,
                                r.packetInfo,
                                r.sourceAddressBytes,
                                r.sourcePort,
                                r.truncated,
                                same));
            }
            batches++;
            all.notifyAll();
        }
        batch.clear();
    }

    private static int number(MemorySegment buf, long offset) {
        return buf.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    /** Waits until that many receives were noted in ended batches; all there are after 5 s. */
    List<Received> await(int count) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        synchronized (all) {
            while (all.size() < count) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                if (leftMs <= 0) {
                    break;
                }
                all.wait(leftMs);
            }
            return List.copyOf(all);
        }
    }

    int count() {
        synchronized (all) {
            return all.size();
        }
    }

    int batches() {
        synchronized (all) {
            return batches;
        }
    }
}

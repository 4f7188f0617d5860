package dev.culvert.wg.peer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Packets that wait for a session: at most {@link #MAX_PACKETS} and {@link #MAX_BYTES}, the oldest
 * dropped first. Outbound threads add, the home thread drains; packets are copied outside of the
 * lock.
 */
final class StagedPackets {
    static final int MAX_PACKETS = 128;
    static final int MAX_BYTES = 1 << 20;

    /** More than this many times the queue is not emptied before the way past it opens again. */
    private static final int ROUNDS_BEFORE_OPENING = 4;

    /**
     * How long the kernel may have passed packets to an interface before its going up is known
     * here; older ones are from before it went down.
     */
    static final long MAX_SUSPENDED_NS = 1_000_000_000;

    private final StagedBudget budget;
    private final ArrayDeque<byte[]> packets = new ArrayDeque<>();
    private int bytes;
    private boolean closed;

    /** The interface is down, or its going up has not got through yet. */
    private boolean suspended;

    /** When the oldest packet of a suspended queue was added. */
    private long oldestNs;

    /** Whether later packets have to queue up behind those that are staged or being drained. */
    private volatile boolean holding;

    StagedPackets(StagedBudget budget) {
        this.budget = budget;
    }

    /** How many packets were dropped: older ones, or this one when it finds no room at all. */
    int add(MemorySegment buf, long offset, int length, long nowNs) {
        byte[] copy = new byte[length];
        MemorySegment.copy(buf, ValueLayout.JAVA_BYTE, offset, copy, 0, length);
        synchronized (this) {
            if (closed || length > MAX_BYTES) {
                return 1;
            }
            int dropped = suspended ? forgetOld(nowNs) : 0;
            while (packets.size() == MAX_PACKETS || bytes + length > MAX_BYTES) {
                dropOldest();
                dropped++;
            }
            while (!budget.take(length)) {
                if (packets.isEmpty()) {
                    return dropped + 1;
                }
                dropOldest();
                dropped++;
            }
            packets.addLast(copy);
            bytes += length;
            holding = true;
            return dropped;
        }
    }

    boolean isHolding() {
        return holding;
    }

    synchronized int size() {
        return packets.size();
    }

    /** Hands out every packet in order, also those added meanwhile. */
    int drain(MemorySegment buf, long offset, StagedSink sink) {
        int drained = 0;
        int round = 0;
        int left = size();
        while (true) {
            if (left == 0) {
                left = nextRound(++round);
                if (left == 0) {
                    return drained;
                }
            }
            byte[] packet = pollFirst();
            if (packet == null) {
                left = 0;
                continue;
            }
            left--;
            MemorySegment.copy(packet, 0, buf, ValueLayout.JAVA_BYTE, offset, packet.length);
            sink.accept(buf, offset, packet.length);
            drained++;
        }
    }

    /**
     * Opens the way for later packets when the queue is empty, or when it fills faster than it is
     * drained: a little reordering is better than dropping.
     */
    private synchronized int nextRound(int round) {
        if (packets.isEmpty() || round > ROUNDS_BEFORE_OPENING) {
            holding = false;
        }
        return packets.size();
    }

    private synchronized byte @Nullable [] pollFirst() {
        byte[] packet = packets.pollFirst();
        if (packet != null) {
            bytes -= packet.length;
            budget.giveBack(packet.length);
        }
        return packet;
    }

    /** Drops everything. */
    synchronized int purge() {
        int dropped = packets.size();
        while (!packets.isEmpty()) {
            dropOldest();
        }
        holding = false;
        return dropped;
    }

    /** Drops everything, also what is still to come. */
    synchronized int close() {
        closed = true;
        return purge();
    }

    /** Drops everything; what is still to come is kept for a moment, until {@link #resume}. */
    synchronized int suspend() {
        suspended = true;
        return purge();
    }

    /** Packets are kept until they are drained again. Returns how many were dropped as too old. */
    synchronized int resume(long nowNs) {
        if (!suspended) {
            return 0;
        }
        suspended = false;
        return nowNs - oldestNs > MAX_SUSPENDED_NS ? purge() : 0;
    }

    private int forgetOld(long nowNs) {
        if (!packets.isEmpty() && nowNs - oldestNs <= MAX_SUSPENDED_NS) {
            return 0;
        }
        oldestNs = nowNs;
        return purge();
    }

    private void dropOldest() {
        byte[] oldest = packets.removeFirst();
        bytes -= oldest.length;
        budget.giveBack(oldest.length);
    }
}

package dev.culvert.wg.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread's counter per {@link DropReason}. The owning thread counts without contention; any
 * thread reads, a moment late.
 */
public final class DropCounters {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[DropReason.values().length];

    /** All zero. */
    public DropCounters() {}

    /** Counts one packet. Owning thread only. */
    public void count(DropReason reason) {
        count(reason, 1);
    }

    /** Counts {@code packets} packets. Owning thread only. */
    public void count(DropReason reason, int packets) {
        int i = index(reason);
        // A single writer: a plain read and an opaque write make no lost updates.
        COUNT.setOpaque(counts, i, counts[i] + packets);
    }

    /** Packets dropped for {@code reason} so far. Any thread. */
    public long get(DropReason reason) {
        return (long) COUNT.getOpaque(counts, index(reason));
    }

    /** Packets dropped so far. Any thread. */
    public long total() {
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += (long) COUNT.getOpaque(counts, i);
        }
        return total;
    }

    private static int index(DropReason reason) {
        return -1 - reason.code();
    }
}

package dev.culvert.datapath.nat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Fragments that came before their first one, as many as fit: the memory is bounded. */
final class HeldFragments {
    static final int CAPACITY_BYTES = 128 * 1024;
    static final int MAX_FRAGMENTS = 128;

    private final MemorySegment memory = Arena.ofAuto().allocate(CAPACITY_BYTES, 8);
    private final long[] highs = new long[MAX_FRAGMENTS];
    private final long[] lows = new long[MAX_FRAGMENTS];

    /** 0: gone. */
    private final long[] keys = new long[MAX_FRAGMENTS];

    private final long[] deadlines = new long[MAX_FRAGMENTS];
    private final int[] offsets = new int[MAX_FRAGMENTS];
    private final int[] lengths = new int[MAX_FRAGMENTS];
    private int count;
    private int waiting;
    private int usedBytes;

    MemorySegment memory() {
        return memory;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /**
     * Copies a fragment. When there is no room, all that wait are given up for it.
     *
     * @return fragments that were given up
     */
    int hold(
            long high, long low, long key, MemorySegment buf, long offset, int length, long nowNs) {
        if (length > CAPACITY_BYTES) {
            return 1;
        }
        int lost = 0;
        if (waiting == 0 || count == MAX_FRAGMENTS || usedBytes + length > CAPACITY_BYTES) {
            lost = waiting;
            count = 0;
            waiting = 0;
            usedBytes = 0;
        }
        highs[count] = high;
        lows[count] = low;
        keys[count] = key;
        deadlines[count] = nowNs + KnownFragments.LIFETIME_NS;
        offsets[count] = usedBytes;
        lengths[count] = length;
        MemorySegment.copy(buf, offset, memory, usedBytes, length);
        // Whoever reads it may read whole words.
        usedBytes += (length + 7) & ~7;
        count++;
        waiting++;
        return lost;
    }

    /**
     * Lets go of a fragment of a packet, the oldest first. Its bytes stay until the next {@link
     * #hold}.
     *
     * @return its number, or -1: there is none
     */
    int take(long high, long low, long key, long nowNs) {
        for (int i = 0; i < count && waiting > 0; i++) {
            if (keys[i] != key || lows[i] != low || highs[i] != high) {
                continue;
            }
            keys[i] = 0;
            waiting--;
            if (deadlines[i] - nowNs > 0) {
                return i;
            }
        }
        return -1;
    }

    int offset(int number) {
        return offsets[number];
    }

    int length(int number) {
        return lengths[number];
    }
}

package dev.culvert.datapath.nat;

/**
 * Where records of a table stand, by hash: open addressing with linear probing, grown by doubling,
 * never more than half full. A deletion moves what follows back, so that there are no tombstones.
 *
 * <pre>
 * slot: hash (32) | record number + 1 (32), 0: empty
 * </pre>
 */
final class HashIndex {
    /** No further candidate. */
    static final int END = -1;

    /** Another hash: go on. */
    static final int OTHER = -2;

    private static final int FIRST_SLOTS = 1024;

    private long[] slots = new long[FIRST_SLOTS];
    private int mask = FIRST_SLOTS - 1;
    private int count;

    /** Where the search for a hash starts. */
    int start(int hash) {
        return hash & mask;
    }

    int next(int at) {
        return (at + 1) & mask;
    }

    /** A record with that hash, {@link #OTHER} or {@link #END}. */
    int candidate(int at, int hash) {
        long slot = slots[at];
        if (slot == 0) {
            return END;
        }
        return (int) (slot >>> 32) == hash ? (int) slot - 1 : OTHER;
    }

    void add(int hash, int record) {
        if (count * 2 >= slots.length) {
            grow();
        }
        put((long) hash << 32 | (record + 1));
        count++;
    }

    private void put(long slot) {
        int at = (int) (slot >>> 32) & mask;
        while (slots[at] != 0) {
            at = (at + 1) & mask;
        }
        slots[at] = slot;
    }

    private void grow() {
        long[] before = slots;
        slots = new long[before.length * 2];
        mask = slots.length - 1;
        for (long slot : before) {
            if (slot != 0) {
                put(slot);
            }
        }
    }

    /** The record must be there. */
    void remove(int hash, int record) {
        long wanted = (long) hash << 32 | (record + 1);
        int at = hash & mask;
        while (slots[at] != wanted) {
            at = (at + 1) & mask;
        }
        count--;
        int hole = at;
        for (int i = (at + 1) & mask; slots[i] != 0; i = (i + 1) & mask) {
            int home = (int) (slots[i] >>> 32) & mask;
            // It may stand in the hole unless its home lies behind that.
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = 0;
    }

    /** Bytes of memory. */
    long sizeBytes() {
        return (long) slots.length * Long.BYTES;
    }
}

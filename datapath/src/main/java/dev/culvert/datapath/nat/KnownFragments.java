package dev.culvert.datapath.nat;

/**
 * Where the packets go whose first fragment has passed: its later ones have no ports. A bounded
 * number; the oldest of four gives way.
 */
final class KnownFragments {
    static final long LIFETIME_NS = 30_000_000_000L;

    private static final int SETS = 64;
    private static final int WAYS = 4;
    private static final int STRIDE = 6;
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int KEY = 2;
    private static final int DEADLINE = 3;
    private static final int TO_HIGH = 4;
    private static final int TO_LOW = 5;

    private final long[] entries = new long[SETS * WAYS * STRIDE];
    private final Hash hash;

    KnownFragments(Hash hash) {
        this.hash = hash;
    }

    /** Never 0: that is an empty entry's. */
    static long key(boolean v4, int protocol, int id) {
        return 1L << 48 | (v4 ? 1L << 40 : 0) | (long) protocol << 32 | (id & 0xffff_ffffL);
    }

    private int set(long high, long low, long key) {
        return (hash.of(high, low, key) & (SETS - 1)) * WAYS * STRIDE;
    }

    /** The entry of a packet, or -1. */
    int find(long high, long low, long key, long nowNs) {
        int first = set(high, low, key);
        for (int at = first; at < first + WAYS * STRIDE; at += STRIDE) {
            if (entries[at + KEY] == key
                    && entries[at + LOW] == low
                    && entries[at + HIGH] == high
                    && entries[at + DEADLINE] - nowNs > 0) {
                return at;
            }
        }
        return -1;
    }

    void put(long high, long low, long key, long toHigh, long toLow, long nowNs) {
        int first = set(high, low, key);
        int victim = first;
        for (int at = first; at < first + WAYS * STRIDE; at += STRIDE) {
            boolean same =
                    entries[at + KEY] == key
                            && entries[at + LOW] == low
                            && entries[at + HIGH] == high;
            if (same || entries[at + KEY] == 0) {
                victim = at;
                break;
            }
            if (entries[at + DEADLINE] - entries[victim + DEADLINE] < 0) {
                victim = at;
            }
        }
        entries[victim + HIGH] = high;
        entries[victim + LOW] = low;
        entries[victim + KEY] = key;
        entries[victim + DEADLINE] = nowNs + LIFETIME_NS;
        entries[victim + TO_HIGH] = toHigh;
        entries[victim + TO_LOW] = toLow;
    }

    long toHigh(int entry) {
        return entries[entry + TO_HIGH];
    }

    long toLow(int entry) {
        return entries[entry + TO_LOW];
    }
}

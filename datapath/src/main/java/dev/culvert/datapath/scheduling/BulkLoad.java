package dev.culvert.datapath.scheduling;

/**
 * Whether a shard moves bulk data. One for the threads of a shard: the direction of the
 * acknowledgements carries few bytes, but takes part.
 */
public final class BulkLoad {
    private static final long HOLD_NS = 100_000_000;

    /** Racy on purpose: whoever writes last is at most a window off. */
    private volatile long untilNs;

    private volatile boolean seen;

    /** Starts without load. */
    public BulkLoad() {}

    void extend(long nowNs) {
        untilNs = nowNs + HOLD_NS;
        seen = true;
    }

    boolean lasts(long nowNs) {
        return seen && untilNs - nowNs > 0;
    }
}

package dev.culvert.datapath.scheduling;

/**
 * Whether a shard moves bulk data. One for the threads of a shard: the direction of the
 * acknowledgements carries few bytes, but takes part.
 */
public final class BulkLoad {
    private static final long HOLD_NS = 100_000_000;

    // Racy on purpose: whoever writes last is at most a window off.
    private volatile long untilNs;
    private volatile boolean bulk;

    /** Starts without load. */
    public BulkLoad() {}

    /** As of the last batch of either direction; a shard that moves nothing keeps what it was. */
    public boolean isBulk() {
        return bulk;
    }

    /**
     * A window of one direction is over.
     *
     * @param nowNs on any monotonic clock, the same for all threads of the shard
     * @param moved whether bulk data moved in it
     */
    void update(long nowNs, boolean moved) {
        if (moved) {
            untilNs = nowNs + HOLD_NS;
            bulk = true;
        } else if (bulk && untilNs - nowNs <= 0) {
            bulk = false;
        }
    }
}

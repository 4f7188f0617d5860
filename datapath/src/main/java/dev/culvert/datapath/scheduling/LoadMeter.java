package dev.culvert.datapath.scheduling;

/** How much one direction of a shard moves. Called by the thread that runs the direction. */
public final class LoadMeter {
    /** How often it is counted up. */
    static final long WINDOW_NS = 10_000_000;

    /** Bytes in a window from which on they are bulk data: 400 Mbit/s. */
    static final long BULK_BYTES = 500_000;

    /** Reads or receives in a window that are as much work as bulk data: 20,000 a second. */
    static final int BULK_MOVES = 200;

    private final BulkLoad load;
    private boolean windowOpen;
    private long windowStartNs;
    private long windowBytes;
    private int windowMoves;

    /**
     * @param load of the shard
     */
    public LoadMeter(BulkLoad load) {
        this.load = load;
    }

    /** One read or receive has brought these bytes. */
    public void count(int bytes) {
        windowBytes += bytes;
        windowMoves++;
    }

    /**
     * A batch is done.
     *
     * @param nowNs on any monotonic clock, the same for both directions of the shard
     */
    public void onBatchEnd(long nowNs) {
        if (!windowOpen) {
            windowOpen = true;
            windowStartNs = nowNs;
        }
        if (nowNs - windowStartNs < WINDOW_NS) {
            return;
        }
        // What came in a longer window counts as if it had come in one: a burst after silence is
        // bulk only if it would have been in a window of its own.
        load.update(nowNs, windowBytes >= BULK_BYTES || windowMoves >= BULK_MOVES);
        windowStartNs = nowNs;
        windowBytes = 0;
        windowMoves = 0;
    }
}

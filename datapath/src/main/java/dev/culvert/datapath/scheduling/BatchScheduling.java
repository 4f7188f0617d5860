package dev.culvert.datapath.scheduling;

import java.util.function.IntUnaryOperator;

/**
 * Makes a packet thread SCHED_BATCH while its shard moves bulk data, and SCHED_OTHER else
 * (sched(7)). A batch thread does not preempt when it is woken: on few cores it finds more packets
 * per turn and interrupts the others less. Without bulk data a packet shall not wait for anybody's
 * time slice. One for each thread, called by it alone.
 */
public final class BatchScheduling {
    /** How often bytes are counted up, and the class of the thread may change. */
    static final long WINDOW_NS = 10_000_000;

    /** Bytes in a window from which on they are bulk data: 400 Mbit/s. */
    static final long BULK_BYTES = 500_000;

    static final int SCHED_OTHER = 0;
    static final int SCHED_BATCH = 3;

    private final BulkLoad load;
    private final IntUnaryOperator setPolicy;
    private boolean windowOpen;
    private long windowStartNs;
    private long windowBytes;
    private int policy = SCHED_OTHER;
    private boolean refused;

    /**
     * @param load of the shard
     * @param setPolicy sets the scheduling policy of the calling thread; negative: -errno, and it
     *     is not asked again
     */
    public BatchScheduling(BulkLoad load, IntUnaryOperator setPolicy) {
        this.load = load;
        this.setPolicy = setPolicy;
    }

    /** Some bytes have been moved. */
    public void count(int bytes) {
        windowBytes += bytes;
    }

    /**
     * A batch is done.
     *
     * @param nowNs on any monotonic clock, the same for all threads of the shard
     */
    public void onBatchEnd(long nowNs) {
        if (!windowOpen) {
            windowOpen = true;
            windowStartNs = nowNs;
        }
        long windowNs = nowNs - windowStartNs;
        if (windowNs < WINDOW_NS) {
            return;
        }
        // Bytes of a longer window count as if they had come in one: a burst after silence is bulk
        // only if it would have been in a window of its own.
        if (windowBytes >= BULK_BYTES) {
            load.extend(nowNs);
        }
        windowStartNs = nowNs;
        windowBytes = 0;
        adapt(load.lasts(nowNs) ? SCHED_BATCH : SCHED_OTHER);
    }

    private void adapt(int wanted) {
        if (wanted != policy && !refused) {
            policy = wanted;
            refused = setPolicy.applyAsInt(wanted) < 0;
        }
    }
}

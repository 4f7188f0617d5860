package dev.culvert.datapath.scheduling;

import dev.culvert.tun.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;

/**
 * Makes a packet thread SCHED_BATCH while its shard moves bulk data, and SCHED_OTHER else
 * (sched(7)). A batch thread does not preempt when it is woken: on few cores it finds more packets
 * per turn and interrupts the others less. Without bulk data a packet shall not wait for anybody's
 * time slice. One for each thread, called by it alone.
 */
public final class BatchScheduling {
    static final int SCHED_OTHER = 0;
    static final int SCHED_BATCH = 3;

    /** {@code struct sched_param}: neither policy has priorities. */
    private static final MemorySegment NO_PRIORITY = Arena.global().allocate(ValueLayout.JAVA_INT);

    private final BulkLoad load;
    private final IntUnaryOperator setPolicy;
    private int policy = SCHED_OTHER;
    private boolean refused;

    /**
     * Of the thread that will call {@link #adapt}.
     *
     * @param load of the shard
     */
    public BatchScheduling(BulkLoad load) {
        this(load, policy -> Libc.schedSetscheduler(0, policy, NO_PRIORITY, 0));
    }

    /**
     * @param setPolicy sets the scheduling policy of the calling thread; negative: -errno, and it
     *     is not asked again
     */
    BatchScheduling(BulkLoad load, IntUnaryOperator setPolicy) {
        this.load = load;
        this.setPolicy = setPolicy;
    }

    /** After a batch. */
    public void adapt() {
        int wanted = load.isBulk() ? SCHED_BATCH : SCHED_OTHER;
        if (wanted != policy && !refused) {
            policy = wanted;
            refused = setPolicy.applyAsInt(wanted) < 0;
        }
    }
}

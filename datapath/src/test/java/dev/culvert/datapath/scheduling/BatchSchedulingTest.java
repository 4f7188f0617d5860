package dev.culvert.datapath.scheduling;

import static dev.culvert.datapath.scheduling.BatchScheduling.BULK_BYTES;
import static dev.culvert.datapath.scheduling.BatchScheduling.SCHED_BATCH;
import static dev.culvert.datapath.scheduling.BatchScheduling.SCHED_OTHER;
import static dev.culvert.datapath.scheduling.BatchScheduling.WINDOW_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSchedulingTest {
    private static final long START_NS = Long.MAX_VALUE - WINDOW_NS;

    private final BulkLoad load = new BulkLoad();
    private final List<Integer> dataThread = new ArrayList<>();
    private final List<Integer> ackThread = new ArrayList<>();
    private final BatchScheduling data =
            new BatchScheduling(load, policy -> set(dataThread, policy));
    private final BatchScheduling acks =
            new BatchScheduling(load, policy -> set(ackThread, policy));
    private long nowNs = START_NS;
    private int answer;

    private int set(List<Integer> to, int policy) {
        to.add(policy);
        return answer;
    }

    /** Windows full of batches, {@code bytes} each window, and an acknowledgement per batch. */
    private void move(int windows, long bytes) {
        for (int i = 0; i < windows * 10; i++) {
            data.count((int) (bytes / 10));
            data.onBatchEnd(nowNs);
            acks.count(64);
            acks.onBatchEnd(nowNs);
            nowNs += WINDOW_NS / 10;
        }
    }

    @Test
    void bothDirectionsAreBatchWhileOneMovesBulkData() {
        move(3, 2 * BULK_BYTES);
        assertEquals(List.of(SCHED_BATCH), dataThread);
        assertEquals(List.of(SCHED_BATCH), ackThread);
    }

    @Test
    void fewBytesChangeNothing() {
        move(100, BULK_BYTES / 2);
        assertEquals(List.of(), dataThread);
        assertEquals(List.of(), ackThread);
    }

    @Test
    void endsSoonAfterTheData() {
        move(3, 2 * BULK_BYTES);
        move(20, 1000);
        assertEquals(List.of(SCHED_BATCH, SCHED_OTHER), dataThread);
        assertEquals(List.of(SCHED_BATCH, SCHED_OTHER), ackThread);
    }

    @Test
    void aPauseBetweenTwoTransfersIsBridged() {
        move(3, 2 * BULK_BYTES);
        move(5, 1000);
        move(3, 2 * BULK_BYTES);
        assertEquals(List.of(SCHED_BATCH), dataThread);
    }

    @Test
    void isNotAskedAgainWhereTheKernelRefuses() {
        answer = -1;
        move(3, 2 * BULK_BYTES);
        move(20, 1000);
        assertEquals(List.of(SCHED_BATCH), dataThread);
    }
}

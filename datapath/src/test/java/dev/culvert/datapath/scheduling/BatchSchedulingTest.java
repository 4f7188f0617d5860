package dev.culvert.datapath.scheduling;

import static dev.culvert.datapath.scheduling.BatchScheduling.SCHED_BATCH;
import static dev.culvert.datapath.scheduling.BatchScheduling.SCHED_OTHER;
import static dev.culvert.datapath.scheduling.LoadMeter.BULK_BYTES;
import static dev.culvert.datapath.scheduling.LoadMeter.BULK_MOVES;
import static dev.culvert.datapath.scheduling.LoadMeter.WINDOW_NS;
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
    private final LoadMeter dataMeter = new LoadMeter(load);
    private final LoadMeter ackMeter = new LoadMeter(load);
    private long nowNs = START_NS;
    private int answer;

    private int set(List<Integer> to, int policy) {
        to.add(policy);
        return answer;
    }

    /** Windows full of batches, {@code bytes} each window, and an acknowledgement per batch. */
    private void move(int windows, long bytes) {
        for (int i = 0; i < windows * 10; i++) {
            dataMeter.count((int) (bytes / 10));
            dataMeter.onBatchEnd(nowNs);
            data.adapt();
            ackMeter.count(64);
            ackMeter.onBatchEnd(nowNs);
            acks.adapt();
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
    void manySmallPacketsAreBulkDataToo() {
        for (int i = 0; i < 3 * BULK_MOVES; i++) {
            dataMeter.count(64);
            dataMeter.onBatchEnd(nowNs);
            data.adapt();
            nowNs += WINDOW_NS / BULK_MOVES;
        }
        assertEquals(List.of(SCHED_BATCH), dataThread);
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

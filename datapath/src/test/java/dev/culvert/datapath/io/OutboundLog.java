package dev.culvert.datapath.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Notes what an engine hands to the outbound duty. */
final class OutboundLog implements OutboundDuty {
    private final List<byte[]> reads = new ArrayList<>();
    private boolean batchOpen;

    @Override
    public void onTunRead(MemorySegment buf, long offset, int length) {
        byte[] bytes = buf.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        // The duty may zero this much behind the packet.
        buf.asSlice(offset + length, TAIL_ROOM_BYTES).fill((byte) 0);
        synchronized (reads) {
            reads.add(bytes);
            batchOpen = true;
        }
    }

    @Override
    public void onBatchEnd() {
        synchronized (reads) {
            batchOpen = false;
            reads.notifyAll();
        }
    }

    /** Waits until that many reads were handed on and their batch has ended. */
    List<byte[]> await(int count) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        synchronized (reads) {
            while (reads.size() < count || batchOpen) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                if (leftMs <= 0) {
                    break;
                }
                reads.wait(leftMs);
            }
            return List.copyOf(reads);
        }
    }
}

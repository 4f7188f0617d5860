package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.tun.gso.GsoSplitter;
import dev.culvert.tun.gso.SplitOracle;
import dev.culvert.tun.packet.TestPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Super-packets are split, and their segments coalesced, without a byte of garbage. */
class NoAllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int MEASURED = 2_000;

    private final GsoSplitter splitter = new GsoSplitter();
    private final GroCoalescer coalescer =
            new GroCoalescer((iovecs, count) -> count, true, true, true);

    private void round(MemorySegment pristine, MemorySegment work, MemorySegment received) {
        MemorySegment.copy(pristine, 0, work, 0, pristine.byteSize());
        int count = splitter.begin(work, 0, (int) pristine.byteSize());
        long at = 0;
        for (int i = 0; i < count; i++) {
            splitter.next();
            int length = splitter.packetLength();
            splitter.pad((length + 15) & ~15);
            MemorySegment.copy(work, splitter.packetOffset(), received, at, length);
            coalescer.add(received, at, length);
            at += length;
        }
        coalescer.flush();
    }

    @Test
    void happensPerPacket() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTrue(threads.isThreadAllocatedMemorySupported());
        TestPacket packet = TestPacket.random(new Random(1), true, true);
        packet.fragmentField = 0x4000;
        packet.payload = new byte[14_000];
        byte[] read = SplitOracle.superPacket(packet, 1380, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pristine = arena.allocate(read.length);
            pristine.copyFrom(MemorySegment.ofArray(read));
            MemorySegment work = arena.allocate(read.length + 16L);
            MemorySegment received = arena.allocate(20_000);
            for (int i = 0; i < WARM_UP; i++) {
                round(pristine, work, received);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < MEASURED; i++) {
                round(pristine, work, received);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            // 22,000 packets: what is left is the measuring itself, and the JIT's odd remainder.
            assertTrue(bytes < MEASURED, () -> bytes + " bytes allocated");
            assertEquals(WARM_UP + MEASURED, coalescer.superPacketsWritten());
        }
    }
}

package dev.culvert.bench.micro;

import dev.culvert.tun.gro.GroCoalescer;
import dev.culvert.tun.gso.GsoSplitter;
import dev.culvert.tun.gso.SplitOracle;
import dev.culvert.tun.packet.TestPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A TCP super-packet of 44 segments of 1380 bytes, per segment. The splitter works in place, so its
 * figure contains a copy of the super-packet, as the read from the TUN would be.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OffloadBenchmark {
    private static final int SEGMENTS = 44;
    private static final int SEGMENT_BYTES = 1380;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment work = arena.allocate(66_000, 64);
    private final MemorySegment segments = arena.allocate(70_000, 64);
    private final int[] lengths = new int[SEGMENTS];
    private final GsoSplitter splitter = new GsoSplitter();
    private final GroCoalescer coalescer =
            new GroCoalescer((iovecs, count) -> count, true, true, true);
    private MemorySegment superPacket = MemorySegment.NULL;

    /** Made by JMH. */
    public OffloadBenchmark() {}

    /** Splits once, so that there are segments to be coalesced. */
    @Setup
    public void makePackets() {
        TestPacket packet = TestPacket.random(new Random(1), true, true);
        packet.fragmentField = 0x4000;
        packet.payload = new byte[SEGMENTS * SEGMENT_BYTES];
        byte[] bytes = SplitOracle.superPacket(packet, SEGMENT_BYTES, 0);
        superPacket = arena.allocate(bytes.length, 64);
        superPacket.copyFrom(MemorySegment.ofArray(bytes));
        MemorySegment.copy(superPacket, 0, work, 0, superPacket.byteSize());
        int count = splitter.begin(work, 0, (int) superPacket.byteSize());
        if (count != SEGMENTS) {
            throw new IllegalStateException(count + " segments");
        }
        long at = 0;
        for (int i = 0; i < SEGMENTS; i++) {
            splitter.next();
            lengths[i] = splitter.packetLength();
            MemorySegment.copy(work, splitter.packetOffset(), segments, at, lengths[i]);
            at += lengths[i];
        }
    }

    /** Frees the memory. */
    @TearDown
    public void free() {
        arena.close();
    }

    /** GSO. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public long split() {
        MemorySegment.copy(superPacket, 0, work, 0, superPacket.byteSize());
        splitter.begin(work, 0, (int) superPacket.byteSize());
        long bytes = 0;
        while (splitter.next()) {
            bytes += splitter.packetLength();
        }
        return bytes;
    }

    /** GRO, without the system call. */
    @Benchmark
    @OperationsPerInvocation(SEGMENTS)
    public long coalesce() {
        long at = 0;
        for (int length : lengths) {
            coalescer.add(segments, at, length);
            at += length;
        }
        coalescer.flush();
        return coalescer.superPacketsWritten();
    }
}

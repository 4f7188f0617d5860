package dev.culvert.bench.micro;

import dev.culvert.wg.replay.ReplayWindow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a received packet pays: a check before it is opened, and the update after. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplayWindowBenchmark {
    private final ReplayWindow window = new ReplayWindow();
    private long counter;

    /** Made by JMH. */
    public ReplayWindowBenchmark() {}

    /** Packets in order. */
    @Benchmark
    public boolean inOrder() {
        long arrived = ++counter;
        return window.check(arrived) && window.update(arrived);
    }

    /** Neighbours change places. */
    @Benchmark
    public boolean reordered() {
        long arrived = ++counter ^ 1;
        return window.check(arrived) && window.update(arrived);
    }
}

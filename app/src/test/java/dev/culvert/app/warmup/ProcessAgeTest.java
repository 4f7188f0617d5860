package dev.culvert.app.warmup;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ProcessAgeTest {
    @Test
    void agreesWithTheJvm() throws Exception {
        Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
        long expectedMs = Duration.between(start, Instant.now()).toMillis();
        long offMs = Math.abs(ProcessAge.readMs() - expectedMs);
        assertTrue(offMs < 2_000, offMs + " ms");
    }

    @Test
    void growsWithTime() throws Exception {
        long beforeMs = ProcessAge.readMs();
        Thread.sleep(100);
        long grownMs = ProcessAge.readMs() - beforeMs;
        assertTrue(grownMs >= 90, grownMs + " ms");
    }
}

package dev.culvert.wg.timers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlineHeapTest {
    private final DeadlineHeap<String> heap = new DeadlineHeap<>();

    private static Timer<String> timer(String owner) {
        return new Timer<>(owner, Timer.Kind.ZERO_KEYS);
    }

    @Test
    void anEmptyOneHasNoDeadline() {
        assertEquals(Long.MAX_VALUE, heap.nextDeadlineNs());
        assertNull(heap.pollExpired(Long.MAX_VALUE));
    }

    @Test
    void aTimerExpiresAtItsDeadlineAndIsIdleThen() {
        Timer<String> timer = timer("a");
        heap.schedule(timer, 100);
        assertNull(heap.pollExpired(99));
        assertTrue(timer.isArmed());
        assertSame(timer, heap.pollExpired(100));
        assertFalse(timer.isArmed());
        assertEquals(0, heap.size());
    }

    @Test
    void schedulingAgainMovesATimer() {
        Timer<String> timer = timer("a");
        heap.schedule(timer, 100);
        heap.schedule(timer, 300);
        assertNull(heap.pollExpired(200));
        heap.schedule(timer, 50);
        assertEquals(50, heap.nextDeadlineNs());
        assertEquals(1, heap.size());
    }

    @Test
    void deadlinesMayOverflow() {
        Timer<String> before = timer("before");
        Timer<String> after = timer("after");
        heap.schedule(after, Long.MAX_VALUE + 10);
        heap.schedule(before, Long.MAX_VALUE - 10);
        assertSame(before, heap.pollExpired(Long.MAX_VALUE));
        assertNull(heap.pollExpired(Long.MAX_VALUE));
        assertSame(after, heap.pollExpired(Long.MIN_VALUE + 20));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithAListThatIsSearched(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Timer<String>> timers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            timers.add(timer("t" + i));
        }
        List<Timer<String>> armed = new ArrayList<>();
        long nowNs = 0;
        for (int step = 0; step < 20_000; step++) {
            Timer<String> timer = timers.get(random.nextInt(timers.size()));
            switch (random.nextInt(4)) {
                case 0 -> {
                    heap.cancel(timer);
                    armed.remove(timer);
                }
                case 1 -> {
                    nowNs += random.nextInt(100);
                    for (var due = heap.pollExpired(nowNs); due != null; ) {
                        assertTrue(armed.remove(due));
                        assertTrue(due.deadlineNs() <= nowNs);
                        due = heap.pollExpired(nowNs);
                    }
                }
                default -> {
                    heap.schedule(timer, nowNs + random.nextInt(1000));
                    if (!armed.contains(timer)) {
                        armed.add(timer);
                    }
                }
            }
            long earliest =
                    armed.stream().mapToLong(Timer::deadlineNs).min().orElse(Long.MAX_VALUE);
            assertEquals(earliest, heap.nextDeadlineNs());
            assertEquals(armed.size(), heap.size());
        }
    }
}

package dev.culvert.wg.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    @Test
    void acceptsEachCounterOnce() {
        for (long counter : new long[] {0, 1, 2, 63, 64, 65, 8191, 8192, 8193}) {
            assertTrue(window.check(counter));
            assertTrue(window.update(counter));
            assertFalse(window.check(counter));
            assertFalse(window.update(counter));
        }
    }

    @Test
    void acceptsCountersUpTo8128BehindTheHighest() {
        window.update(20_000);
        assertTrue(window.check(20_000 - 8128));
        assertTrue(window.update(20_000 - 8128));
        assertFalse(window.check(20_000 - 8129));
        assertFalse(window.update(20_000 - 8129));
    }

    @Test
    void acceptsAllOf8128CountersBackwards() {
        for (long counter = 8128; counter >= 0; counter--) {
            assertTrue(window.update(counter), "counter " + counter);
        }
        for (long counter = 8128; counter >= 0; counter--) {
            assertFalse(window.update(counter), "counter " + counter);
        }
    }

    @Test
    void forgetsEverythingAfterAJumpBeyondTheWindow() {
        for (long counter = 0; counter < 8192; counter++) {
            window.update(counter);
        }
        long far = 1L << 40;
        assertTrue(window.update(far));
        for (long counter = far - 8128; counter < far; counter++) {
            assertTrue(window.update(counter), "counter " + counter);
        }
    }

    @Test
    void takesCountersAsUnsigned() {
        assertTrue(window.update(Long.MAX_VALUE));
        assertTrue(window.update(Long.MIN_VALUE));
        assertTrue(window.update(-8194));
        assertFalse(window.update(Long.MAX_VALUE));
        assertFalse(window.update(5));
    }

    @Test
    void lookingDoesNotMark() {
        assertTrue(window.check(7));
        assertTrue(window.check(7));
        assertTrue(window.check(1L << 50));
        assertTrue(window.update(7));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAnOracleThatRemembersEverything(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Long> seen = new HashSet<>();
        long highest = -1;
        for (int i = 0; i < 100_000; i++) {
            long counter =
                    switch (random.nextInt(10)) {
                        case 0 -> highest + 1 + random.nextInt(10_000);
                        case 1 -> Math.max(0, highest - 8128 + random.nextInt(-3, 4));
                        case 2, 3 -> Math.max(0, highest - random.nextInt(9000));
                        default -> Math.max(0, highest + random.nextInt(-64, 66));
                    };
            boolean fresh = (highest - counter <= 8128) && !seen.contains(counter);
            assertEquals(fresh, window.check(counter), "check of " + counter);
            assertEquals(fresh, window.update(counter), "update of " + counter);
            if (fresh) {
                seen.add(counter);
                highest = Math.max(highest, counter);
            }
        }
    }
}

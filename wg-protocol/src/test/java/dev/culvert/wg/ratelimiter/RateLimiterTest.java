package dev.culvert.wg.ratelimiter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long MS = 1_000_000L;

    private final RateLimiter limiter = new RateLimiter(new Random(20));

    /** Near the end of the range, so that comparing times as plain numbers would fail. */
    private long nowNs = Long.MAX_VALUE - 10 * MS;

    @Test
    void allowsABurstOf5AndThenOneEach50Milliseconds() {
        byte[] source = v4(1);
        assertEquals(5, allowedAtOnce(source));
        nowNs += 50 * MS - 1;
        assertFalse(limiter.allow(source, nowNs));
        nowNs += 1;
        assertTrue(limiter.allow(source, nowNs));
        assertFalse(limiter.allow(source, nowNs));
        nowNs += 100 * MS;
        assertEquals(2, allowedAtOnce(source));
        nowNs += 60_000 * MS;
        assertEquals(5, allowedAtOnce(source));
    }

    @Test
    void allows20ASecondInTheLongRun() {
        byte[] source = v4(1);
        int allowed = 0;
        for (int i = 0; i < 10_000; i++) {
            nowNs += MS;
            allowed += limiter.allow(source, nowNs) ? 1 : 0;
        }
        assertTrue(Math.abs(allowed - 205) <= 1, allowed + " in 10 s");
    }

    @Test
    void refusedInitiationsCostNothing() {
        byte[] source = v4(1);
        assertEquals(5, allowedAtOnce(source));
        for (int i = 0; i < 1000; i++) {
            assertFalse(limiter.allow(source, nowNs));
        }
        nowNs += 50 * MS;
        assertTrue(limiter.allow(source, nowNs));
    }

    @Test
    void oneSourceDoesNotSlowAnother() {
        assertEquals(5, allowedAtOnce(v4(1)));
        assertEquals(5, allowedAtOnce(v4(2)));
    }

    @Test
    void anIpv6Prefix64IsOneSource() {
        assertEquals(5, allowedAtOnce(v6(0x2001_0db8_0000_0001L, 1)));
        assertEquals(0, allowedAtOnce(v6(0x2001_0db8_0000_0001L, 2)));
        assertEquals(5, allowedAtOnce(v6(0x2001_0db8_0000_0002L, 1)));
    }

    @Test
    void anIpv4AddressIsNotTheIpv6PrefixOfTheSameBytes() {
        assertEquals(5, allowedAtOnce(v4(0x0a00_0001)));
        assertEquals(5, allowedAtOnce(v6(0x0a00_0001_0000_0000L, 0)));
        assertEquals(5, allowedAtOnce(v6(0x0000_0000_0a00_0001L, 0)));
    }

    @Test
    void refusesFurtherSourcesWhenTheTableIsFullAndTakesThemOnceItIsNot() {
        int allowed = 0;
        for (int i = 0; i < 10 * RateLimiter.CAPACITY; i++) {
            allowed += limiter.allow(v4(i), nowNs) ? 1 : 0;
        }
        assertEquals(RateLimiter.CAPACITY, allowed);
        nowNs += 50 * MS;
        allowed = 0;
        for (int i = 0; i < RateLimiter.CAPACITY / 2; i++) {
            allowed += limiter.allow(v4(-1 - i), nowNs) ? 1 : 0;
        }
        assertTrue(allowed > 0.98 * RateLimiter.CAPACITY / 2, allowed + " sources");
    }

    @Test
    void agreesWithATokenBucketPerSource() {
        Random random = new Random(7);
        Map<Integer, double[]> buckets = new HashMap<>();
        long startNs = nowNs;
        for (int i = 0; i < 20_000; i++) {
            nowNs += random.nextInt(5) * MS;
            int source = random.nextInt(10);
            double[] bucket = buckets.computeIfAbsent(source, ignored -> new double[] {5, 0});
            double nowMs = (nowNs - startNs) / (double) MS;
            bucket[0] = Math.min(5, bucket[0] + (nowMs - bucket[1]) / 50);
            bucket[1] = nowMs;
            boolean expected = bucket[0] >= 1 - 1e-9;
            if (expected) {
                bucket[0]--;
            }
            assertEquals(expected, limiter.allow(v4(source), nowNs), "step " + i);
        }
    }

    @Test
    void aFloodFromManySourcesAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] source = new byte[4];
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            source[0] = (byte) (i >>> 16);
            source[1] = (byte) (i >>> 8);
            source[2] = (byte) i;
            limiter.allow(source, nowNs);
            nowNs += 1000;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, allocated + " bytes");
    }

    private int allowedAtOnce(byte[] source) {
        int allowed = 0;
        while (limiter.allow(source, nowNs)) {
            allowed++;
        }
        return allowed;
    }

    private static byte[] v4(int address) {
        return ByteBuffer.allocate(4).putInt(address).array();
    }

    private static byte[] v6(long prefix, long host) {
        return ByteBuffer.allocate(16).putLong(prefix).putLong(host).array();
    }
}

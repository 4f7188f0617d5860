package dev.culvert.datapath.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenBucketTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000, Long.MAX_VALUE - 5_000, Long.MIN_VALUE})
    void letsABurstThroughAndThenASteadyRate(long startNs) {
        TokenBucket bucket = new TokenBucket(1000, 5);
        assertEquals(5, taken(bucket, startNs, 20));
        assertFalse(bucket.take(startNs + 999));
        assertTrue(bucket.take(startNs + 1000));
        assertFalse(bucket.take(startNs + 1001));
        assertEquals(3, taken(bucket, startNs + 4000, 20));
        assertEquals(5, taken(bucket, startNs + 1_000_000, 20), "it holds no more than the burst");
    }

    private static int taken(TokenBucket bucket, long nowNs, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += bucket.take(nowNs) ? 1 : 0;
        }
        return taken;
    }
}

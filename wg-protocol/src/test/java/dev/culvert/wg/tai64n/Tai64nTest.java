package dev.culvert.wg.tai64n;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.vectors.Vectors;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Tai64nTest {
    @Test
    void labelsTheUnixEpoch() {
        assertArrayEquals(Vectors.hex("400000000000000a00000000"), label(0));
    }

    @Test
    void writesSecondsAndNanosecondsBigEndian() {
        // 2012-02-03 04:05:06 UTC is 1328241906.
        long wallNs = 1_328_241_906L * 1_000_000_000L + (5L << 24);
        assertArrayEquals(Vectors.hex("400000004f2b5cfc05000000"), label(wallNs));
    }

    @Test
    void roundsNanosecondsDownTo2To24() {
        long second = 1_700_000_000L * 1_000_000_000L;
        assertArrayEquals(label(second), label(second + (1 << 24) - 1));
        assertTrue(Tai64n.compare(label(second), label(second + (1 << 24))) < 0);
        for (byte[] label : new byte[][] {label(second + 999_999_999), label(second + 123_456)}) {
            assertArrayEquals(new byte[3], Arrays.copyOfRange(label, 9, 12));
        }
    }

    @Test
    void neverGoesBackAsTimeGoesOn() {
        Random random = new Random(64);
        long wallNs = -3_000_000_000L;
        byte[] last = label(wallNs);
        for (int i = 0; i < 10_000; i++) {
            wallNs += random.nextLong(40_000_000);
            byte[] next = label(wallNs);
            assertTrue(Tai64n.compare(last, next) <= 0);
            last = next;
        }
    }

    @Test
    void comparesBytesAsUnsigned() {
        byte[] small = new byte[12];
        byte[] large = new byte[12];
        small[3] = 0x7f;
        large[3] = (byte) 0x80;
        assertTrue(Tai64n.compare(small, large) < 0);
        assertTrue(Tai64n.compare(large, small) > 0);
        assertEquals(0, Tai64n.compare(large, large.clone()));
    }

    @Test
    void comparesNothingBehindTheLabel() {
        byte[] a = new byte[20];
        byte[] b = new byte[20];
        b[12] = 1;
        assertEquals(0, Tai64n.compare(a, b));
    }

    private static byte[] label(long wallNs) {
        byte[] label = new byte[Tai64n.BYTES];
        Tai64n.stamp(wallNs, label);
        return label;
    }
}

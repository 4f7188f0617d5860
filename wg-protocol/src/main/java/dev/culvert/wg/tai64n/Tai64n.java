package dev.culvert.wg.tai64n;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A timestamp of 12 bytes, big-endian: {@code 2^62 + 10 + Unix seconds} in 8 bytes, nanoseconds in
 * 4. It compares as a string of unsigned bytes. Callable from any thread.
 */
public final class Tai64n {
    /** Bytes of a label. */
    public static final int BYTES = 12;

    /**
     * Granularity: a finer clock would tell an observer more about the sender than ordering needs.
     */
    public static final long GRANULARITY_NS = 1L << 24;

    /** TAI was ten seconds ahead of UTC at the Unix epoch; leap seconds do not matter here. */
    private static final long UNIX_EPOCH = (1L << 62) + 10;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private Tai64n() {}

    /**
     * Writes the label of a time, its nanoseconds rounded down to a multiple of 2^24.
     *
     * @param wallNs nanoseconds since the Unix epoch
     */
    public static void stamp(long wallNs, byte[] out12) {
        long ns = Math.floorMod(wallNs, NS_PER_SECOND);
        ByteBuffer.wrap(out12)
                .putLong(UNIX_EPOCH + Math.floorDiv(wallNs, NS_PER_SECOND))
                .putInt((int) (ns & -GRANULARITY_NS));
    }

    /**
     * Negative, zero or positive as {@code a} is earlier than, equal to or later than {@code b}.
     */
    public static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, 0, BYTES, b, 0, BYTES);
    }
}

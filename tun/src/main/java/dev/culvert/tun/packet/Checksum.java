package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071): the one's complement of the one's-complement sum of 16-bit
 * big-endian words.
 *
 * <p>All values are folded sums, 0..65535, not complemented; {@link #complement} makes the value of
 * a checksum field. Sums of parts add with {@link #add} as long as each part but the last has an
 * even length.
 */
public final class Checksum {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW_32 = 0xffff_ffffL;

    private Checksum() {}

    /**
     * Sum of {@code length} bytes; an odd last byte counts as if a zero followed.
     *
     * <p>The sum does not depend on the byte order of the words as long as the result is swapped
     * (RFC 1071 §2 (B)), so the loop adds host-order words, 32 bits at a time into 64-bit
     * accumulators: no carry can be lost below 2^32 words.
     */
    public static int sum(MemorySegment segment, long offset, int length) {
        long even = 0;
        long odd = 0;
        int longs = length >> 3;
        for (int i = 0; i < longs; i++) {
            long word = segment.get(LONG, offset + (long) i * 8);
            even += word & LOW_32;
            odd += word >>> 32;
        }
        long total = even + odd + tail(segment, offset + (longs << 3), length & 7);
        int folded = fold(total);
        return LITTLE_ENDIAN ? swap(folded) : folded;
    }

    /** The last 0..7 bytes, as host-order words. */
    private static long tail(MemorySegment segment, long offset, int length) {
        long total = 0;
        long at = offset;
        if ((length & 4) != 0) {
            total += segment.get(INT, at) & LOW_32;
            at += 4;
        }
        if ((length & 2) != 0) {
            total += segment.get(SHORT, at) & 0xffff;
            at += 2;
        }
        if ((length & 1) != 0) {
            int last = segment.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            total += LITTLE_ENDIAN ? last : last << 8;
        }
        return total;
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }

    /** Folds a sum of words, taken as unsigned below 2^63, to 16 bits with end-around carry. */
    public static int fold(long sum) {
        long folded = (sum & LOW_32) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }

    public static int add(int sum, int word) {
        int total = sum + word;
        return (total & 0xffff) + (total >>> 16);
    }

    /** The value of a checksum field whose other words sum to {@code sum}. */
    public static int complement(int sum) {
        return ~sum & 0xffff;
    }

    /** As {@link #complement}, with 0 sent as 65535: in UDP, zero says that there is none. */
    public static int complementNonZero(int sum) {
        int checksum = complement(sum);
        return checksum == 0 ? 0xffff : checksum;
    }

    /**
     * The checksum field after one of the words under it changed (RFC 1624, equation 3).
     *
     * @param checksum the field as it was
     */
    public static int update16(int checksum, int before, int after) {
        return complement(add(add(complement(checksum), complement(before)), after));
    }

    /** As {@link #update16} for a 32-bit value at an even offset. */
    public static int update32(int checksum, int before, int after) {
        int high = update16(checksum, before >>> 16, after >>> 16);
        return update16(high, before & 0xffff, after & 0xffff);
    }

    /**
     * Sum of the IPv4 pseudo header (RFC 9293 §3.1) of the packet at {@code offset}.
     *
     * @param length transport header and payload, in bytes
     */
    public static int pseudoHeaderV4(MemorySegment segment, long offset, int protocol, int length) {
        return add(add(sum(segment, offset + Ipv4.SOURCE_OFFSET, 8), protocol), length);
    }

    /** As {@link #pseudoHeaderV4} for IPv6 (RFC 8200 §8.1). */
    public static int pseudoHeaderV6(MemorySegment segment, long offset, int protocol, int length) {
        return add(add(sum(segment, offset + Ipv6.SOURCE_OFFSET, 32), protocol), length);
    }
}

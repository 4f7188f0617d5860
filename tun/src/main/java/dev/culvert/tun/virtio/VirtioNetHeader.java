package dev.culvert.tun.virtio;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The header that the TUN puts before each packet, in host byte order.
 *
 * <pre>
 *  0       1         2         4         6            8             10
 * +-------+---------+---------+---------+------------+-------------+
 * | flags | gso type| hdr len | gso size| csum start | csum offset |
 * +-------+---------+---------+---------+------------+-------------+
 * </pre>
 *
 * <p>Offsets and lengths in it count from the first byte behind it. {@code hdr len} is a hint that
 * senders get wrong: nothing here reads it for a decision.
 */
public final class VirtioNetHeader {
    public static final int BYTES = 10;

    public static final int FLAGS_OFFSET = 0;
    public static final int GSO_TYPE_OFFSET = 1;
    public static final int HEADER_LENGTH_OFFSET = 2;
    public static final int GSO_SIZE_OFFSET = 4;
    public static final int CHECKSUM_START_OFFSET = 6;
    public static final int CHECKSUM_OFFSET_OFFSET = 8;

    /** The field at csum start + csum offset holds a pseudo-header sum: the checksum is owed. */
    public static final int FLAG_NEEDS_CHECKSUM = 1;

    /** The checksum has been verified. */
    public static final int FLAG_DATA_VALID = 2;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;

    /** UDP fragmentation offload: long gone from Linux, never asked for. */
    public static final int GSO_UDP = 3;

    public static final int GSO_TCPV6 = 4;

    /** UDP segmentation offload, IPv4 or IPv6. */
    public static final int GSO_UDP_L4 = 5;

    /** May be added to a TCP type: the first segment alone carries CWR. */
    public static final int GSO_ECN = 0x80;

    private static final ValueLayout.OfShort HOST_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private VirtioNetHeader() {}

    public static int flags(MemorySegment segment, long offset) {
        return segment.get(ValueLayout.JAVA_BYTE, offset + FLAGS_OFFSET) & 0xff;
    }

    public static void setFlags(MemorySegment segment, long offset, int flags) {
        segment.set(ValueLayout.JAVA_BYTE, offset + FLAGS_OFFSET, (byte) flags);
    }

    public static boolean needsChecksum(MemorySegment segment, long offset) {
        return (flags(segment, offset) & FLAG_NEEDS_CHECKSUM) != 0;
    }

    /** The type with {@link #GSO_ECN} still in it. */
    public static int gsoType(MemorySegment segment, long offset) {
        return segment.get(ValueLayout.JAVA_BYTE, offset + GSO_TYPE_OFFSET) & 0xff;
    }

    public static int headerLength(MemorySegment segment, long offset) {
        return segment.get(HOST_SHORT, offset + HEADER_LENGTH_OFFSET) & 0xffff;
    }

    /** Payload bytes of each segment but the last. */
    public static int gsoSize(MemorySegment segment, long offset) {
        return segment.get(HOST_SHORT, offset + GSO_SIZE_OFFSET) & 0xffff;
    }

    public static int checksumStart(MemorySegment segment, long offset) {
        return segment.get(HOST_SHORT, offset + CHECKSUM_START_OFFSET) & 0xffff;
    }

    public static int checksumOffset(MemorySegment segment, long offset) {
        return segment.get(HOST_SHORT, offset + CHECKSUM_OFFSET_OFFSET) & 0xffff;
    }

    /** A plain packet: no segmentation, nothing owed. */
    public static void clear(MemorySegment segment, long offset) {
        segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, 0L);
        segment.set(HOST_SHORT, offset + CHECKSUM_OFFSET_OFFSET, (short) 0);
    }

    /** Writes all fields. */
    public static void write(
            MemorySegment segment,
            long offset,
            int flags,
            int gsoType,
            int headerLength,
            int gsoSize,
            int checksumStart,
            int checksumOffset) {
        segment.set(ValueLayout.JAVA_BYTE, offset + FLAGS_OFFSET, (byte) flags);
        segment.set(ValueLayout.JAVA_BYTE, offset + GSO_TYPE_OFFSET, (byte) gsoType);
        segment.set(HOST_SHORT, offset + HEADER_LENGTH_OFFSET, (short) headerLength);
        segment.set(HOST_SHORT, offset + GSO_SIZE_OFFSET, (short) gsoSize);
        segment.set(HOST_SHORT, offset + CHECKSUM_START_OFFSET, (short) checksumStart);
        segment.set(HOST_SHORT, offset + CHECKSUM_OFFSET_OFFSET, (short) checksumOffset);
    }
}

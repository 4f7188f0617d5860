package dev.culvert.wg.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The few fields of an inner IPv4 (RFC 791) or IPv6 (RFC 8200) packet that the engine reads. After
 * {@link #totalLength} gave a length, no accessor of that version fails. Addresses are host-order
 * numbers: the first byte is the most significant one.
 */
public final class InnerPacket {
    /** Bytes of an IPv4 header without options. */
    public static final int IPV4_HEADER_LENGTH = 20;

    /** Bytes of an IPv6 header. */
    public static final int IPV6_HEADER_LENGTH = 40;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int IPV4_TOTAL_LENGTH_OFFSET = 2;
    private static final int IPV4_SOURCE_OFFSET = 12;
    private static final int IPV4_DESTINATION_OFFSET = 16;
    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int IPV6_SOURCE_OFFSET = 8;
    private static final int IPV6_DESTINATION_OFFSET = 24;

    private InnerPacket() {}

    /** The version nibble; needs one byte. */
    public static int version(MemorySegment buf, long offset) {
        return (buf.get(ValueLayout.JAVA_BYTE, offset) & 0xff) >>> 4;
    }

    /**
     * Bytes of the packet that its header claims, so that padding behind it can be trimmed.
     *
     * @param length readable bytes at {@code offset}, also 0
     * @return header length..length, or a negative {@link DropReason#code()}
     */
    public static int totalLength(MemorySegment buf, long offset, int length) {
        int version = length == 0 ? 0 : version(buf, offset);
        int headerLength =
                switch (version) {
                    case 4 -> IPV4_HEADER_LENGTH;
                    case 6 -> IPV6_HEADER_LENGTH;
                    default -> Integer.MAX_VALUE;
                };
        if (length < headerLength) {
            return DropReason.INNER_NOT_IP.code();
        }
        int totalLength =
                version == 4
                        ? Short.toUnsignedInt(buf.get(SHORT, offset + IPV4_TOTAL_LENGTH_OFFSET))
                        : IPV6_HEADER_LENGTH
                                + Short.toUnsignedInt(
                                        buf.get(SHORT, offset + IPV6_PAYLOAD_LENGTH_OFFSET));
        boolean fits = totalLength >= headerLength && totalLength <= length;
        return fits ? totalLength : DropReason.INNER_LENGTH.code();
    }

    /** Source address of an IPv4 packet. */
    public static int source4(MemorySegment buf, long offset) {
        return buf.get(INT, offset + IPV4_SOURCE_OFFSET);
    }

    /** Destination address of an IPv4 packet. */
    public static int destination4(MemorySegment buf, long offset) {
        return buf.get(INT, offset + IPV4_DESTINATION_OFFSET);
    }

    /** Upper 64 bits of the source address of an IPv6 packet. */
    public static long source6Hi(MemorySegment buf, long offset) {
        return buf.get(LONG, offset + IPV6_SOURCE_OFFSET);
    }

    /** Lower 64 bits of the source address of an IPv6 packet. */
    public static long source6Lo(MemorySegment buf, long offset) {
        return buf.get(LONG, offset + IPV6_SOURCE_OFFSET + Long.BYTES);
    }

    /** Upper 64 bits of the destination address of an IPv6 packet. */
    public static long destination6Hi(MemorySegment buf, long offset) {
        return buf.get(LONG, offset + IPV6_DESTINATION_OFFSET);
    }

    /** Lower 64 bits of the destination address of an IPv6 packet. */
    public static long destination6Lo(MemorySegment buf, long offset) {
        return buf.get(LONG, offset + IPV6_DESTINATION_OFFSET + Long.BYTES);
    }
}

package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;

/**
 * IPv4 header (RFC 791). Offsets count from its first byte.
 *
 * <pre>
 *  0         1        2             4    6                8     9          10        12      16
 * +---------+--------+-------------+----+----------------+-----+----------+---------+-------+------+
 * | 4 | ihl | tos    | total length| id | flags, fragment| ttl | protocol | checksum| source| dest |
 * +---------+--------+-------------+----+----------------+-----+----------+---------+-------+------+
 * </pre>
 */
public final class Ipv4 {
    public static final int HEADER_BYTES = 20;
    public static final int MAX_HEADER_BYTES = 60;

    public static final int VERSION_OFFSET = 0;
    public static final int TOS_OFFSET = 1;
    public static final int TOTAL_LENGTH_OFFSET = 2;
    public static final int ID_OFFSET = 4;
    public static final int FLAGS_OFFSET = 6;
    public static final int TTL_OFFSET = 8;
    public static final int PROTOCOL_OFFSET = 9;
    public static final int CHECKSUM_OFFSET = 10;
    public static final int SOURCE_OFFSET = 12;
    public static final int DESTINATION_OFFSET = 16;

    /** Bits of the 16-bit field at {@link #FLAGS_OFFSET}. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** More-fragments flag or a fragment offset: the packet is a fragment. */
    public static final int FRAGMENT_MASK = 0x3fff;

    private Ipv4() {}

    /** Header length in bytes as it says itself: 0..60, valid from 20 on. */
    public static int headerBytes(MemorySegment segment, long offset) {
        return (NetworkOrder.get8(segment, offset + VERSION_OFFSET) & 0xf) << 2;
    }

    public static int tos(MemorySegment segment, long offset) {
        return NetworkOrder.get8(segment, offset + TOS_OFFSET);
    }

    public static int totalLength(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + TOTAL_LENGTH_OFFSET);
    }

    public static int id(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + ID_OFFSET);
    }

    /** Flags and fragment offset. */
    public static int flags(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + FLAGS_OFFSET);
    }

    public static int ttl(MemorySegment segment, long offset) {
        return NetworkOrder.get8(segment, offset + TTL_OFFSET);
    }

    public static int protocol(MemorySegment segment, long offset) {
        return NetworkOrder.get8(segment, offset + PROTOCOL_OFFSET);
    }

    /** Source address as a big-endian int. */
    public static int source(MemorySegment segment, long offset) {
        return NetworkOrder.get32(segment, offset + SOURCE_OFFSET);
    }

    /** Destination address as a big-endian int. */
    public static int destination(MemorySegment segment, long offset) {
        return NetworkOrder.get32(segment, offset + DESTINATION_OFFSET);
    }

    /** Computes and writes the header checksum over {@code headerBytes} bytes. */
    public static void writeChecksum(MemorySegment segment, long offset, int headerBytes) {
        NetworkOrder.put16(segment, offset + CHECKSUM_OFFSET, 0);
        NetworkOrder.put16(
                segment,
                offset + CHECKSUM_OFFSET,
                Checksum.complement(Checksum.sum(segment, offset, headerBytes)));
    }
}

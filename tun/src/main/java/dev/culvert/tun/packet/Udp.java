package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;

/**
 * UDP header (RFC 768). Offsets count from its first byte.
 *
 * <pre>
 *  0        2      4        6         8
 * +--------+------+--------+---------+--------
 * | source | dest | length | checksum| payload
 * +--------+------+--------+---------+--------
 * </pre>
 */
public final class Udp {
    public static final int PROTOCOL = 17;
    public static final int HEADER_BYTES = 8;

    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int LENGTH_OFFSET = 4;
    public static final int CHECKSUM_OFFSET = 6;

    private Udp() {}

    /** Header and payload. */
    public static int length(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + LENGTH_OFFSET);
    }

    /** Zero over IPv4: the sender gave none. */
    public static int checksum(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + CHECKSUM_OFFSET);
    }
}

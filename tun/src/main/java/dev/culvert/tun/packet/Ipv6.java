package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;

/**
 * IPv6 header (RFC 8200). Offsets count from its first byte.
 *
 * <pre>
 *  0                              4               6            7          8        24       40
 * +------------------------------+---------------+------------+----------+--------+--------+
 * | 6 | traffic class, flow label| payload length| next header| hop limit| source | dest   |
 * +------------------------------+---------------+------------+----------+--------+--------+
 * </pre>
 */
public final class Ipv6 {
    public static final int HEADER_BYTES = 40;

    public static final int VERSION_OFFSET = 0;
    public static final int PAYLOAD_LENGTH_OFFSET = 4;
    public static final int NEXT_HEADER_OFFSET = 6;
    public static final int HOP_LIMIT_OFFSET = 7;
    public static final int SOURCE_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;

    public static final int HOP_BY_HOP = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int DESTINATION_OPTIONS = 60;

    private Ipv6() {}

    /** Version, traffic class and flow label. */
    public static int firstWord(MemorySegment segment, long offset) {
        return NetworkOrder.get32(segment, offset + VERSION_OFFSET);
    }

    public static int trafficClass(MemorySegment segment, long offset) {
        return firstWord(segment, offset) >>> 20 & 0xff;
    }

    public static int payloadLength(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + PAYLOAD_LENGTH_OFFSET);
    }

    public static int nextHeader(MemorySegment segment, long offset) {
        return NetworkOrder.get8(segment, offset + NEXT_HEADER_OFFSET);
    }

    public static int hopLimit(MemorySegment segment, long offset) {
        return NetworkOrder.get8(segment, offset + HOP_LIMIT_OFFSET);
    }
}

package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;

/**
 * TCP header (RFC 9293). Offsets count from its first byte.
 *
 * <pre>
 *  0        2      4     8     12                 14       16        18       20
 * +--------+------+-----+-----+------------------+--------+---------+--------+--------
 * | source | dest | seq | ack | data offset,flags| window | checksum| urgent | options
 * +--------+------+-----+-----+------------------+--------+---------+--------+--------
 * </pre>
 */
public final class Tcp {
    public static final int PROTOCOL = 6;
    public static final int HEADER_BYTES = 20;
    public static final int MAX_HEADER_BYTES = 60;

    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int SEQUENCE_OFFSET = 4;
    public static final int ACKNOWLEDGMENT_OFFSET = 8;

    /** 16 bits: data offset (4), reserved (3), and the flags below. */
    public static final int FLAGS_OFFSET = 12;

    public static final int WINDOW_OFFSET = 14;
    public static final int CHECKSUM_OFFSET = 16;
    public static final int URGENT_OFFSET = 18;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private Tcp() {}

    /** Header length in bytes as it says itself: 0..60, valid from 20 on. */
    public static int headerBytes(MemorySegment segment, long offset) {
        return NetworkOrder.get8(segment, offset + FLAGS_OFFSET) >>> 4 << 2;
    }

    public static int sequence(MemorySegment segment, long offset) {
        return NetworkOrder.get32(segment, offset + SEQUENCE_OFFSET);
    }

    public static int acknowledgment(MemorySegment segment, long offset) {
        return NetworkOrder.get32(segment, offset + ACKNOWLEDGMENT_OFFSET);
    }

    /** Data offset, reserved bits and flags: 16 bits. */
    public static int flags(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + FLAGS_OFFSET);
    }

    public static int checksum(MemorySegment segment, long offset) {
        return NetworkOrder.get16(segment, offset + CHECKSUM_OFFSET);
    }
}

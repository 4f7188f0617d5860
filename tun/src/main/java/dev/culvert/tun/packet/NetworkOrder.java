package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Big-endian fields at any alignment. */
public final class NetworkOrder {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private NetworkOrder() {}

    /** Unsigned, 0..255. */
    public static int get8(MemorySegment segment, long offset) {
        return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    public static void put8(MemorySegment segment, long offset, int value) {
        segment.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    /** Unsigned, 0..65535. */
    public static int get16(MemorySegment segment, long offset) {
        return segment.get(SHORT, offset) & 0xffff;
    }

    public static void put16(MemorySegment segment, long offset, int value) {
        segment.set(SHORT, offset, (short) value);
    }

    public static int get32(MemorySegment segment, long offset) {
        return segment.get(INT, offset);
    }

    public static void put32(MemorySegment segment, long offset, int value) {
        segment.set(INT, offset, value);
    }

    public static long get64(MemorySegment segment, long offset) {
        return segment.get(LONG, offset);
    }

    public static void put64(MemorySegment segment, long offset, long value) {
        segment.set(LONG, offset, value);
    }
}

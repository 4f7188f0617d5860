package dev.culvert.tun.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct cmsghdr}: length with header (8 bytes), level (4), type (4), then the data, padded
 * to 8.
 *
 * <p>Walking a received control area of {@code controlLength} bytes at {@code base}:
 *
 * <pre>{@code
 * for (long at = Cmsg.first(seg, base, controlLength); at >= 0; at = Cmsg.next(seg, at, base, controlLength)) { ... }
 * }</pre>
 */
public final class Cmsg {
    public static final long LENGTH_OFFSET = 0;
    public static final long LEVEL_OFFSET = 8;
    public static final long TYPE_OFFSET = 12;
    public static final long HEADER_BYTES = 16;

    private Cmsg() {}

    /**
     * What an element with {@code dataLength} bytes takes in the control area: {@code CMSG_SPACE}.
     */
    public static long space(long dataLength) {
        return HEADER_BYTES + ((dataLength + 7) & ~7L);
    }

    /** Writes a header; returns the offset of the data. */
    public static long put(
            MemorySegment control, long offset, int level, int type, long dataLength) {
        control.set(ValueLayout.JAVA_LONG, offset + LENGTH_OFFSET, HEADER_BYTES + dataLength);
        control.set(ValueLayout.JAVA_INT, offset + LEVEL_OFFSET, level);
        control.set(ValueLayout.JAVA_INT, offset + TYPE_OFFSET, type);
        return offset + HEADER_BYTES;
    }

    public static int level(MemorySegment control, long offset) {
        return control.get(ValueLayout.JAVA_INT, offset + LEVEL_OFFSET);
    }

    public static int type(MemorySegment control, long offset) {
        return control.get(ValueLayout.JAVA_INT, offset + TYPE_OFFSET);
    }

    public static long dataOffset(long offset) {
        return offset + HEADER_BYTES;
    }

    public static long dataLength(MemorySegment control, long offset) {
        return control.get(ValueLayout.JAVA_LONG, offset + LENGTH_OFFSET) - HEADER_BYTES;
    }

    /** Offset of the first whole element, or -1. */
    public static long first(MemorySegment control, long base, long controlLength) {
        return wholeAt(control, base, base + controlLength);
    }

    /** Offset of the next whole element, or -1. */
    public static long next(MemorySegment control, long offset, long base, long controlLength) {
        return wholeAt(control, offset + space(dataLength(control, offset)), base + controlLength);
    }

    private static long wholeAt(MemorySegment control, long at, long end) {
        if (end - at < HEADER_BYTES) {
            return -1;
        }
        long length = control.get(ValueLayout.JAVA_LONG, at + LENGTH_OFFSET);
        return length < HEADER_BYTES || length > end - at ? -1 : at;
    }
}

package dev.culvert.tun.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@code struct iovec}: a base address and a length, 8 bytes each. */
public final class Iovec {
    public static final long BASE_OFFSET = 0;
    public static final long LENGTH_OFFSET = 8;
    public static final long SIZE_BYTES = 16;

    private Iovec() {}

    /**
     * Points element {@code index} of the array at {@code offset} to {@code length} bytes at {@code
     * address}.
     */
    public static void set(
            MemorySegment iovecs, long offset, int index, long address, long length) {
        long at = offset + index * SIZE_BYTES;
        iovecs.set(ValueLayout.JAVA_LONG, at + BASE_OFFSET, address);
        iovecs.set(ValueLayout.JAVA_LONG, at + LENGTH_OFFSET, length);
    }

    public static long length(MemorySegment iovecs, long offset, int index) {
        return iovecs.get(ValueLayout.JAVA_LONG, offset + index * SIZE_BYTES + LENGTH_OFFSET);
    }
}

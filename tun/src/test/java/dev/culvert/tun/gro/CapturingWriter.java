package dev.culvert.tun.gro;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** A TUN that keeps what is written to it, and can refuse. */
final class CapturingWriter implements TunWriter {
    final List<byte[]> writes = new ArrayList<>();

    /** 0 to take the write, or a negative errno. */
    ToIntFunction<byte[]> verdict = write -> 0;

    int refused;

    @Override
    @SuppressWarnings("restricted")
    public int writev(MemorySegment iovecs, int count) {
        if (count < 1 || count > 1024) {
            throw new AssertionError("writev(2) takes 1 to 1024 iovecs, not " + count);
        }
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += (int) iovecs.get(ValueLayout.JAVA_LONG, 16L * i + 8);
        }
        MemorySegment write = MemorySegment.ofArray(new byte[total]);
        long at = 0;
        for (int i = 0; i < count; i++) {
            long length = iovecs.get(ValueLayout.JAVA_LONG, 16L * i + 8);
            MemorySegment base = iovecs.get(ValueLayout.ADDRESS, 16L * i);
            MemorySegment.copy(base.reinterpret(length), 0, write, at, length);
            at += length;
        }
        byte[] bytes = write.toArray(ValueLayout.JAVA_BYTE);
        int result = verdict.applyAsInt(bytes);
        if (result < 0) {
            refused++;
            return result;
        }
        writes.add(bytes);
        return total;
    }
}

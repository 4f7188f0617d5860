package dev.culvert.tun.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Calls functions of the C library. Every argument and result is a 64-bit word: on both supported
 * ABIs an {@code int} argument is the lower half of a register whose upper half the callee ignores,
 * an {@code int} result is the lower half of the result register, and a register beyond the
 * callee's arguments is ignored as a whole. So two shapes, of three words and of six, serve all
 * functions: each shape costs some milliseconds of start-up, each handle bound to a function
 * another one.
 */
final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a thread's scratch words stand behind its captured errno. */
    private static final long SCRATCH_OFFSET = 16;

    private static final long SCRATCH_BYTES = 32;

    // An automatic arena: freed with the thread, and calls need no acquire and release on it.
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(
                    () -> Arena.ofAuto().allocate(SCRATCH_OFFSET + SCRATCH_BYTES, 16));

    private static final Linker.Option ERRNO_CAPTURED = Linker.Option.captureCallState("errno");
    private static final MethodHandle CALL_3 = shape(3, ERRNO_CAPTURED);
    private static final MethodHandle CALL_6 = shape(6, ERRNO_CAPTURED);

    /** For what never blocks: the thread stays in the Java state, and errno is not captured. */
    private static final MethodHandle CALL_CRITICAL = shape(2, Linker.Option.critical(false));

    private Downcalls() {}

    static MemorySegment symbol(String function) {
        return LINKER.defaultLookup()
                .find(function)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library lacks " + function));
    }

    /**
     * {@code (function, [state,] word...) word}: not bound to a function, which would cost start-up
     * time for each.
     */
    @SuppressWarnings("restricted")
    private static MethodHandle shape(int arguments, Linker.Option option) {
        ValueLayout.OfLong[] words = new ValueLayout.OfLong[arguments];
        Arrays.fill(words, ValueLayout.JAVA_LONG);
        return LINKER.downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG, words), option);
    }

    /** This thread's captured errno and scratch words. */
    static MemorySegment state() {
        return STATE.get();
    }

    /** Address of this thread's 32 bytes for small arguments that a call points to. */
    static long scratchAddress(MemorySegment state) {
        return state.address() + SCRATCH_OFFSET;
    }

    static void putLong(MemorySegment state, int index, long value) {
        state.set(ValueLayout.JAVA_LONG, SCRATCH_OFFSET + 8L * index, value);
    }

    static long getLong(MemorySegment state, int index) {
        return state.get(ValueLayout.JAVA_LONG, SCRATCH_OFFSET + 8L * index);
    }

    static void putInt(MemorySegment state, int index, int value) {
        state.set(ValueLayout.JAVA_INT, SCRATCH_OFFSET + 4L * index, value);
    }

    static int getInt(MemorySegment state, int index) {
        return state.get(ValueLayout.JAVA_INT, SCRATCH_OFFSET + 4L * index);
    }

    static int call(MemorySegment function) {
        return call(function, 0, 0, 0);
    }

    static int call(MemorySegment function, long a) {
        return call(function, a, 0, 0);
    }

    static int call(MemorySegment function, long a, long b) {
        return call(function, a, b, 0);
    }

    /** The result word as {@code int}, or {@code -errno}. */
    static int call(MemorySegment function, long a, long b, long c) {
        MemorySegment state = STATE.get();
        try {
            return result((long) CALL_3.invokeExact(function, state, a, b, c), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    static int call(MemorySegment function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0);
    }

    static int call(MemorySegment function, long a, long b, long c, long d, long e) {
        return call(function, a, b, c, d, e, 0);
    }

    /** The result word as {@code int}, or {@code -errno}. */
    static int call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = STATE.get();
        try {
            return result((long) CALL_6.invokeExact(function, state, a, b, c, d, e, f), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** The result word as {@code int}, as the function gives it. */
    static int callCritical(MemorySegment function, long a, long b) {
        try {
            return (int) (long) CALL_CRITICAL.invokeExact(function, a, b);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    private static int result(long word, MemorySegment state) {
        int value = (int) word;
        return value >= 0 ? value : -state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    }

    /**
     * Address of a native buffer after a bounds check: what the callee may touch is inside of the
     * segment.
     */
    static long address(MemorySegment buf, long offset, long length) {
        if (!buf.isNative()
                || (offset | length | (buf.byteSize() - offset - length)) < 0
                || !buf.scope().isAlive()) {
            throw new IndexOutOfBoundsException(
                    "no native bytes [" + offset + ", +" + length + ") in " + buf);
        }
        return buf.address() + offset;
    }

    /** A handle of one of our shapes throws nothing of its own: whatever comes out is a bug. */
    private static AssertionError bug(Throwable thrown) {
        return new AssertionError("downcall", thrown);
    }
}

package dev.culvert.tun.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Links functions of the C library. Every argument and result is a 64-bit word: on both supported
 * ABIs an {@code int} argument is the lower half of a register whose upper half the callee ignores,
 * and an {@code int} result is the lower half of the result register. So one shape for each number
 * of arguments serves all functions, and start-up pays for few of them.
 */
final class Downcalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"))
                    .withInvokeExactBehavior();

    /** Where a thread's scratch words stand behind its captured errno. */
    private static final long SCRATCH_OFFSET = 16;

    private static final long SCRATCH_BYTES = 32;

    // An automatic arena: freed with the thread, and calls need no acquire and release on it.
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(
                    () -> Arena.ofAuto().allocate(SCRATCH_OFFSET + SCRATCH_BYTES, 16));

    private Downcalls() {}

    /** {@code (state, word...) word}, with errno captured in {@link #state()}. */
    static MethodHandle link(String name, int arguments) {
        return link(name, arguments, Linker.Option.captureCallState("errno"));
    }

    /**
     * {@code (word...) word} for a call that never blocks: the thread does not leave the Java
     * state, no errno.
     */
    static MethodHandle linkCritical(String name, int arguments) {
        return link(name, arguments, Linker.Option.critical(false));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, int arguments, Linker.Option option) {
        ValueLayout.OfLong[] words = new ValueLayout.OfLong[arguments];
        Arrays.fill(words, ValueLayout.JAVA_LONG);
        MemorySegment symbol =
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new UnsatisfiedLinkError("the C library lacks " + name));
        return LINKER.downcallHandle(
                symbol, FunctionDescriptor.of(ValueLayout.JAVA_LONG, words), option);
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

    /** The result word as {@code int}, or {@code -errno}. */
    static int result(long word, MemorySegment state) {
        int value = (int) word;
        return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
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
    static AssertionError bug(Throwable thrown) {
        return new AssertionError("downcall", thrown);
    }
}

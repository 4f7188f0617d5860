package dev.culvert.wg.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/**
 * A key of a native library, which works on addresses: memory is checked here, and copied where it
 * is on the heap.
 */
abstract class NativeKey extends Rfc8439Key {
    static final int NONCE_BYTES = 12;

    /** Where the library writes how much it has written: 8 bytes of the scratch memory. */
    private static final int OUT_LENGTH_OFFSET = 16;

    private static final int SCRATCH_BYTES = 24;
    private static final ValueLayout.OfInt INT_LE =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_LE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Nothing secret, so it may wait for the garbage collector. */
    private final MemorySegment scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, 8);

    /** Address of the nonce, 12 bytes. */
    final long nonce = scratch.address();

    /** Address of 8 bytes for a length that nobody asks for. */
    final long outLength = scratch.address() + OUT_LENGTH_OFFSET;

    /** Throws IllegalStateException once closed. */
    abstract void checkOpen();

    /**
     * Seals with the nonce that is set: {@code length + 16} bytes to {@code out}.
     *
     * @param aad address of the associated data
     */
    abstract void seal(long aad, int aadLength, long in, int length, long out);

    /**
     * Opens with the nonce that is set: {@code plainLength} bytes to {@code out}.
     *
     * @param in {@code plainLength} bytes of ciphertext and the tag
     * @return whether the tag is right
     */
    abstract boolean open(long aad, int aadLength, long in, int plainLength, long out);

    @Override
    final void seal(
            int nonceHead,
            long nonceTail,
            byte[] aad,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset) {
        checkRange(src, srcOffset, length);
        checkRange(dst, dstOffset, Math.addExact(length, TAG_BYTES));
        if (!src.isNative() || !dst.isNative()) {
            sealHeap(nonceHead, nonceTail, aad, src, srcOffset, length, dst, dstOffset);
            return;
        }
        long in = src.address() + srcOffset;
        long out = dst.address() + dstOffset;
        checkApart(in, length, out, length + TAG_BYTES);
        setNonce(nonceHead, nonceTail);
        // The native calls see bare addresses: the memory behind them must outlive the calls.
        try {
            if (aad.length == 0) {
                seal(0, 0, in, length, out);
            } else {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, aad);
                    seal(copy.address(), aad.length, in, length, out);
                }
            }
        } finally {
            Reference.reachabilityFence(src);
            Reference.reachabilityFence(dst);
            Reference.reachabilityFence(this);
        }
    }

    @Override
    final int open(
            int nonceHead,
            long nonceTail,
            byte[] aad,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset) {
        if (length < TAG_BYTES) {
            return -1;
        }
        int plainLength = length - TAG_BYTES;
        checkRange(src, srcOffset, length);
        checkRange(dst, dstOffset, plainLength);
        if (!src.isNative() || !dst.isNative()) {
            return openHeap(nonceHead, nonceTail, aad, src, srcOffset, length, dst, dstOffset);
        }
        long in = src.address() + srcOffset;
        long out = dst.address() + dstOffset;
        checkApart(in, length, out, plainLength);
        setNonce(nonceHead, nonceTail);
        try {
            boolean authentic;
            if (aad.length == 0) {
                authentic = open(0, 0, in, plainLength, out);
            } else {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, aad);
                    authentic = open(copy.address(), aad.length, in, plainLength, out);
                }
            }
            return authentic ? plainLength : -1;
        } finally {
            Reference.reachabilityFence(src);
            Reference.reachabilityFence(dst);
            Reference.reachabilityFence(this);
        }
    }

    private void setNonce(int nonceHead, long nonceTail) {
        checkOpen();
        scratch.set(INT_LE, 0, nonceHead);
        scratch.set(LONG_LE, Integer.BYTES, nonceTail);
    }

    private void sealHeap(
            int nonceHead,
            long nonceTail,
            byte[] aad,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(length + TAG_BYTES);
            MemorySegment.copy(src, srcOffset, copy, 0, length);
            seal(nonceHead, nonceTail, aad, copy, 0, length, copy, 0);
            MemorySegment.copy(copy, 0, dst, dstOffset, length + TAG_BYTES);
        }
    }

    private int openHeap(
            int nonceHead,
            long nonceTail,
            byte[] aad,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(length);
            MemorySegment.copy(src, srcOffset, copy, 0, length);
            int opened = open(nonceHead, nonceTail, aad, copy, 0, length, copy, 0);
            MemorySegment.copy(copy, 0, dst, dstOffset, Math.max(opened, 0));
            return opened;
        }
    }
}

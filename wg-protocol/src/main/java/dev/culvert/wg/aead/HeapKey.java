package dev.culvert.wg.aead;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A key whose cipher works on byte arrays: packets are copied in and out. Nothing reaches the
 * output of a failed open, and every overlap would be harmless; native memory is checked all the
 * same, so that a fault of the caller shows with each provider.
 */
abstract class HeapKey extends Rfc8439Key {
    private static final int INITIAL_BYTES = 2048;

    private final byte[] nonce = new byte[12];
    private byte[] input = new byte[INITIAL_BYTES];
    private byte[] output = new byte[INITIAL_BYTES];
    private boolean closed;

    /** Writes {@code length + 16} bytes at the start of {@code output}. */
    abstract void seal(byte[] nonce, byte[] aad, byte[] input, int length, byte[] output);

    /** False when the tag is wrong; else {@code length - 16} bytes at the start of output. */
    abstract boolean open(byte[] nonce, byte[] aad, byte[] input, int length, byte[] output);

    /** Overwrites every copy of the key. Called once. */
    abstract void wipe();

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
        if (src.isNative() && dst.isNative()) {
            checkApart(
                    src.address() + srcOffset,
                    length,
                    dst.address() + dstOffset,
                    length + TAG_BYTES);
        }
        load(nonceHead, nonceTail, src, srcOffset, length);
        seal(nonce, aad, input, length, output);
        MemorySegment.copy(output, 0, dst, ValueLayout.JAVA_BYTE, dstOffset, length + TAG_BYTES);
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
        checkRange(src, srcOffset, length);
        checkRange(dst, dstOffset, length - TAG_BYTES);
        if (src.isNative() && dst.isNative()) {
            checkApart(
                    src.address() + srcOffset,
                    length,
                    dst.address() + dstOffset,
                    length - TAG_BYTES);
        }
        load(nonceHead, nonceTail, src, srcOffset, length);
        if (!open(nonce, aad, input, length, output)) {
            return -1;
        }
        MemorySegment.copy(output, 0, dst, ValueLayout.JAVA_BYTE, dstOffset, length - TAG_BYTES);
        return length - TAG_BYTES;
    }

    private void load(
            int nonceHead, long nonceTail, MemorySegment src, long srcOffset, int length) {
        if (closed) {
            throw new IllegalStateException("the key is closed");
        }
        if (input.length < length + TAG_BYTES) {
            // Buffers only grow, so a steady packet size stops allocating here.
            Arrays.fill(input, (byte) 0);
            Arrays.fill(output, (byte) 0);
            input = new byte[length + TAG_BYTES];
            output = new byte[length + TAG_BYTES];
        }
        for (int i = 0; i < 4; i++) {
            nonce[i] = (byte) (nonceHead >>> (8 * i));
        }
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (nonceTail >>> (8 * i));
        }
        MemorySegment.copy(src, ValueLayout.JAVA_BYTE, srcOffset, input, 0, length);
    }

    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        wipe();
        Arrays.fill(input, (byte) 0);
        Arrays.fill(output, (byte) 0);
    }
}

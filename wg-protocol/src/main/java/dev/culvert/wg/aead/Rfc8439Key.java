package dev.culvert.wg.aead;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The whole construction of RFC 8439 §2.8, any 96-bit nonce and associated data, which {@link
 * AeadKey} narrows to what transport messages need. Published vectors are run through this class,
 * so they exercise the code of the packet path.
 */
abstract class Rfc8439Key implements AeadKey {
    private static final byte[] NO_AAD = {};

    /**
     * @param nonceHead the first 4 bytes of the nonce, little-endian
     * @param nonceTail the other 8 bytes, little-endian
     */
    abstract void seal(
            int nonceHead,
            long nonceTail,
            byte[] aad,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset);

    /** As {@link AeadKey#open}; nonce and associated data as in {@link #seal}. */
    abstract int open(
            int nonceHead,
            long nonceTail,
            byte[] aad,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset);

    @Override
    public final void seal(
            long counter,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset) {
        seal(0, counter, NO_AAD, src, srcOffset, length, dst, dstOffset);
    }

    @Override
    public final int open(
            long counter,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset) {
        return open(0, counter, NO_AAD, src, srcOffset, length, dst, dstOffset);
    }

    /** Never the key. */
    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }

    static byte[] checkedKey(byte[] key32) {
        if (key32.length != KEY_BYTES) {
            throw new IllegalArgumentException("a ChaCha20-Poly1305 key has 32 bytes");
        }
        return key32;
    }

    static void checkRange(MemorySegment segment, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, segment.byteSize());
    }

    /**
     * Refuses memory that overlaps without beginning at the same byte, which OpenSSL and the JDK
     * would turn into wrong ciphertext without a word.
     */
    static void checkApart(long in, int inLength, long out, int outLength) {
        if (in != out && in < out + outLength && out < in + inLength) {
            throw new IllegalArgumentException(
                    "input and output overlap at different offsets: " + (out - in));
        }
    }
}

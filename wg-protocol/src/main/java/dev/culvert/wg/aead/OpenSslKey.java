package dev.culvert.wg.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;

/** An EVP_CIPHER_CTX, which holds the key, and the few bytes that each call needs besides. */
final class OpenSslKey extends Rfc8439Key {
    private static final int DECRYPT = 0;
    private static final int ENCRYPT = 1;

    private static final int NONCE_OFFSET = 0;
    private static final int OUT_LENGTH_OFFSET = 16;
    private static final int SCRATCH_BYTES = 20;
    private static final ValueLayout.OfInt INT_LE =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG_LE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Nothing secret, so it may wait for the garbage collector. */
    private final MemorySegment scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, 8);

    private final long nonce = scratch.address() + NONCE_OFFSET;
    private final long outLength = scratch.address() + OUT_LENGTH_OFFSET;
    private long context;

    OpenSslKey(long cipher, byte[] key32) {
        context = LibCrypto.newContext();
        if (context == 0) {
            throw new OutOfMemoryError("EVP_CIPHER_CTX_new");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_BYTE, key32);
            int initialised = LibCrypto.init(context, cipher, key.address(), 0, ENCRYPT);
            key.fill((byte) 0);
            check(initialised);
        }
    }

    @Override
    void seal(
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
        // The native calls see bare addresses: the memory behind them must outlive the calls.
        try {
            begin(nonceHead, nonceTail, aad, ENCRYPT);
            if (length > 0) {
                check(LibCrypto.update(context, out, outLength, in, length));
            }
            long tag = out + length;
            check(LibCrypto.finish(context, tag, outLength));
            check(LibCrypto.control(context, LibCrypto.CTRL_AEAD_GET_TAG, TAG_BYTES, tag));
        } finally {
            Reference.reachabilityFence(src);
            Reference.reachabilityFence(dst);
            Reference.reachabilityFence(scratch);
        }
    }

    @Override
    int open(
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
        try {
            begin(nonceHead, nonceTail, aad, DECRYPT);
            long tag = in + plainLength;
            check(LibCrypto.control(context, LibCrypto.CTRL_AEAD_SET_TAG, TAG_BYTES, tag));
            if (plainLength > 0) {
                check(LibCrypto.update(context, out, outLength, in, plainLength));
            }
            boolean authentic = LibCrypto.finish(context, out + plainLength, outLength) == 1;
            return authentic ? plainLength : -1;
        } finally {
            Reference.reachabilityFence(src);
            Reference.reachabilityFence(dst);
            Reference.reachabilityFence(scratch);
        }
    }

    private void begin(int nonceHead, long nonceTail, byte[] aad, int encrypt) {
        if (context == 0) {
            throw new IllegalStateException("the key is closed");
        }
        scratch.set(INT_LE, NONCE_OFFSET, nonceHead);
        scratch.set(LONG_LE, NONCE_OFFSET + 4, nonceTail);
        check(LibCrypto.init(context, 0, 0, nonce, encrypt));
        if (aad.length > 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, aad);
                check(LibCrypto.update(context, 0, outLength, copy.address(), aad.length));
            }
        }
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

    private static void check(int result) {
        if (result != 1) {
            throw new IllegalStateException("OpenSSL refused a ChaCha20-Poly1305 call");
        }
    }

    /** EVP_CIPHER_CTX_free cleanses the key schedule. */
    @Override
    public void close() {
        if (context != 0) {
            LibCrypto.freeContext(context);
            context = 0;
        }
    }
}

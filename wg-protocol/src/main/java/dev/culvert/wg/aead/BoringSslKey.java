package dev.culvert.wg.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An EVP_AEAD_CTX of BoringSSL, which holds the key: one call a packet. */
final class BoringSslKey extends NativeKey {
    private final LibBoringCrypto library;
    private long context;

    BoringSslKey(LibBoringCrypto library, byte[] key32) {
        this.library = library;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_BYTE, key32);
            context = library.newContext(key.address(), KEY_BYTES, TAG_BYTES);
            key.fill((byte) 0);
        }
        if (context == 0) {
            throw new OutOfMemoryError("EVP_AEAD_CTX_new");
        }
    }

    @Override
    void checkOpen() {
        if (context == 0) {
            throw new IllegalStateException("the key is closed");
        }
    }

    @Override
    void seal(long aad, int aadLength, long in, int length, long out) {
        int capacity = length + TAG_BYTES;
        int sealed =
                library.seal(
                        context,
                        out,
                        outLength,
                        capacity,
                        nonce,
                        NONCE_BYTES,
                        in,
                        length,
                        aad,
                        aadLength);
        if (sealed != 1) {
            throw new IllegalStateException("BoringSSL refused to seal");
        }
    }

    @Override
    boolean open(long aad, int aadLength, long in, int plainLength, long out) {
        int length = plainLength + TAG_BYTES;
        return library.open(
                        context,
                        out,
                        outLength,
                        plainLength,
                        nonce,
                        NONCE_BYTES,
                        in,
                        length,
                        aad,
                        aadLength)
                == 1;
    }

    /** EVP_AEAD_CTX_free cleanses what it frees. */
    @Override
    public void close() {
        if (context != 0) {
            library.freeContext(context);
            context = 0;
        }
    }
}

package dev.culvert.wg.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An EVP_CIPHER_CTX of OpenSSL, which holds the key: four calls a packet. */
final class OpenSslKey extends NativeKey {
    private static final int DECRYPT = 0;
    private static final int ENCRYPT = 1;

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
    void checkOpen() {
        if (context == 0) {
            throw new IllegalStateException("the key is closed");
        }
    }

    @Override
    void seal(long aad, int aadLength, long in, int length, long out) {
        begin(aad, aadLength, ENCRYPT);
        if (length > 0) {
            check(LibCrypto.update(context, out, outLength, in, length));
        }
        long tag = out + length;
        check(LibCrypto.finish(context, tag, outLength));
        check(LibCrypto.control(context, LibCrypto.CTRL_AEAD_GET_TAG, TAG_BYTES, tag));
    }

    @Override
    boolean open(long aad, int aadLength, long in, int plainLength, long out) {
        begin(aad, aadLength, DECRYPT);
        long tag = in + plainLength;
        check(LibCrypto.control(context, LibCrypto.CTRL_AEAD_SET_TAG, TAG_BYTES, tag));
        if (plainLength > 0) {
            check(LibCrypto.update(context, out, outLength, in, plainLength));
        }
        return LibCrypto.finish(context, out + plainLength, outLength) == 1;
    }

    private void begin(long aad, int aadLength, int encrypt) {
        check(LibCrypto.init(context, 0, 0, nonce, encrypt));
        if (aadLength > 0) {
            check(LibCrypto.update(context, 0, outLength, aad, aadLength));
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

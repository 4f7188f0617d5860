package dev.culvert.wg.aead;

import java.lang.invoke.MethodHandles;

/**
 * OpenSSL 3 through its EVP interface: a context per key, which holds the key schedule, so that a
 * packet only sets the nonce. Allocates nothing per packet.
 */
final class OpenSslAead implements AeadProvider {
    private final long cipher;

    private OpenSslAead(long cipher) {
        this.cipher = cipher;
    }

    /**
     * Loads libcrypto.
     *
     * @throws AeadUnavailableException where there is no OpenSSL 3, or it lacks the cipher
     */
    static OpenSslAead load() throws AeadUnavailableException {
        try {
            MethodHandles.lookup().ensureInitialized(LibCrypto.class);
        } catch (LinkageError | IllegalAccessException e) {
            throw new AeadUnavailableException("libcrypto.so.3 (OpenSSL 3) cannot be loaded", e);
        }
        long cipher = LibCrypto.fetchCipher("ChaCha20-Poly1305");
        if (cipher == 0) {
            throw new AeadUnavailableException("this OpenSSL has no ChaCha20-Poly1305", null);
        }
        return new OpenSslAead(cipher);
    }

    @Override
    public String name() {
        return "openssl";
    }

    @Override
    public AeadKey newKey(byte[] key32) {
        return new OpenSslKey(cipher, Rfc8439Key.checkedKey(key32));
    }
}

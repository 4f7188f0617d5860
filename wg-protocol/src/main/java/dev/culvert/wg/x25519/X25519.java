package dev.culvert.wg.x25519;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** An implementation of X25519 (RFC 7748 §5). Stateless; callable from any thread. */
public interface X25519 {
    /** Bytes of a private key, a public key and a shared secret. */
    int KEY_BYTES = 32;

    /** Short lower-case name: one of {@link X25519Providers#NAMES}. */
    String name();

    /**
     * Takes a private key, which need not be clamped. The caller closes it, and may zero {@code
     * private32} as soon as this returns.
     */
    X25519Key newKey(byte[] private32);

    /**
     * A fresh private key.
     *
     * @param random a cryptographic generator
     */
    default X25519Key generate(RandomGenerator random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        try {
            return newKey(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Sets the fixed bits of a private key (RFC 7748 §5, decodeScalar25519), in place. */
    static void clamp(byte[] private32) {
        org.bouncycastle.math.ec.rfc7748.X25519.clampPrivateKey(private32);
    }
}

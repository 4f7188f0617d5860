package dev.culvert.wg.noise;

import java.util.random.RandomGenerator;

/** Curve25519 Diffie-Hellman (RFC 7748 §5). Callable from any thread. */
public final class X25519 {
    /** Bytes of a private key, a public key and a shared secret. */
    public static final int KEY_BYTES = 32;

    private X25519() {}

    /** The public key of {@code private32}, which need not be clamped. */
    public static void publicKey(byte[] private32, byte[] out32) {
        org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(private32, 0, out32, 0);
    }

    /**
     * The shared secret of a private and a public key. The private key need not be clamped.
     *
     * @return false when the secret is all-zero, as it is for every public key of low order
     */
    public static boolean sharedSecret(byte[] private32, byte[] public32, byte[] out32) {
        return org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
                private32, 0, public32, 0, out32, 0);
    }

    /** Sets the fixed bits of a private key (RFC 7748 §5, decodeScalar25519), in place. */
    public static void clamp(byte[] private32) {
        org.bouncycastle.math.ec.rfc7748.X25519.clampPrivateKey(private32);
    }

    /** Fills {@code out32} with a fresh private key. {@code random} must be a cryptographic one. */
    static void generate(RandomGenerator random, byte[] out32) {
        random.nextBytes(out32);
        clamp(out32);
    }
}

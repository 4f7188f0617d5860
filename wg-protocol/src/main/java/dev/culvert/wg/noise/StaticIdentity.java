package dev.culvert.wg.noise;

import java.util.Arrays;

/** A device's static key pair. Immutable until closed; owned by the home thread. */
public final class StaticIdentity implements AutoCloseable {
    private final byte[] privateKey;
    private final byte[] publicKey = new byte[X25519.KEY_BYTES];

    /**
     * @param privateKey32 copied, then clamped; the caller may zero its own
     */
    public StaticIdentity(byte[] privateKey32) {
        if (privateKey32.length != X25519.KEY_BYTES) {
            throw new IllegalArgumentException("a private key has 32 bytes");
        }
        privateKey = privateKey32.clone();
        X25519.clamp(privateKey);
        X25519.publicKey(privateKey, publicKey);
    }

    /** A copy of the public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** A copy of the clamped private key, as UAPI reports it. The caller zeroes it. */
    public byte[] privateKey() {
        return privateKey.clone();
    }

    boolean sharedSecret(byte[] public32, byte[] out32) {
        return X25519.sharedSecret(privateKey, public32, out32);
    }

    /** Zeroes the private key. */
    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
    }

    /** Never a key. */
    @Override
    public String toString() {
        return "StaticIdentity";
    }
}

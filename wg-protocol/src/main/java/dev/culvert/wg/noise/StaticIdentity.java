package dev.culvert.wg.noise;

import dev.culvert.wg.x25519.X25519;
import dev.culvert.wg.x25519.X25519Key;
import dev.culvert.wg.x25519.X25519Providers;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A device's static key pair. Immutable until closed; owned by the home thread. */
public final class StaticIdentity implements AutoCloseable {
    private final byte[] privateKey;
    private final byte[] publicKey = new byte[X25519.KEY_BYTES];
    private final X25519 x25519;
    private final X25519Key key;

    /**
     * With Bouncy Castle's X25519.
     *
     * @param privateKey32 copied, then clamped; the caller may zero its own
     */
    public StaticIdentity(byte[] privateKey32) {
        this(privateKey32, X25519Providers.bouncyCastle());
    }

    /**
     * @param privateKey32 copied, then clamped; the caller may zero its own
     * @param x25519 for all handshakes of this identity
     */
    public StaticIdentity(byte[] privateKey32, X25519 x25519) {
        if (privateKey32.length != X25519.KEY_BYTES) {
            throw new IllegalArgumentException("a private key has 32 bytes");
        }
        privateKey = privateKey32.clone();
        X25519.clamp(privateKey);
        this.x25519 = x25519;
        key = x25519.newKey(privateKey);
        key.publicKey(publicKey);
    }

    /** A copy of the public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** A copy of the clamped private key, as UAPI reports it. The caller zeroes it. */
    public byte[] privateKey() {
        return privateKey.clone();
    }

    X25519Key newEphemeral(RandomGenerator random) {
        return x25519.generate(random);
    }

    boolean sharedSecret(byte[] public32, byte[] out32) {
        return key.sharedSecret(public32, out32);
    }

    /** Zeroes the private key. */
    @Override
    public void close() {
        Arrays.fill(privateKey, (byte) 0);
        key.close();
    }

    /** Never a key. */
    @Override
    public String toString() {
        return "StaticIdentity";
    }
}

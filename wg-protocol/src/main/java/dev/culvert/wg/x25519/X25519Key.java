package dev.culvert.wg.x25519;

/** A private key. Used by one thread at a time, and never after {@link #close}. */
public interface X25519Key extends AutoCloseable {
    /** Writes the public key. */
    void publicKey(byte[] out32);

    /**
     * Writes the secret that is shared with the owner of a public key.
     *
     * @return false when the secret is all-zero, as it is for every public key of low order
     */
    boolean sharedSecret(byte[] public32, byte[] out32);

    /** Zeroes the private key. */
    @Override
    void close();
}

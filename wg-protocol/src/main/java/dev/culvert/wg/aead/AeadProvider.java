package dev.culvert.wg.aead;

/** An implementation of ChaCha20-Poly1305. Stateless; callable from any thread. */
public interface AeadProvider {
    /** Short lower-case name: one of {@link AeadProviders#NAMES}. */
    String name();

    /**
     * Makes a key for one direction and one thread at a time. The caller closes it, and may zero
     * {@code key32} as soon as this returns.
     *
     * @param key32 32 bytes, copied
     */
    AeadKey newKey(byte[] key32);
}

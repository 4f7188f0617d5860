package dev.culvert.wg.noise;

import org.bouncycastle.crypto.digests.Blake2sDigest;

/**
 * The keyed MAC of {@link Blake2s#mac} for many messages under one key. Allocates nothing per
 * message. Used by one thread.
 */
public final class Blake2sMac {
    private final Blake2sDigest digest;

    /**
     * @param key at most 32 bytes, copied
     */
    public Blake2sMac(byte[] key) {
        digest = new Blake2sDigest(key, Blake2s.MAC_BYTES, null, null);
    }

    /** Writes the 16 bytes of the MAC of {@code length} bytes from the start of the message. */
    public void compute(byte[] message, int length, byte[] out16) {
        digest.update(message, 0, length);
        digest.doFinal(out16, 0);
    }
}

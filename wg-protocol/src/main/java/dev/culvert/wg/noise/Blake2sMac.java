package dev.culvert.wg.noise;

/**
 * The keyed MAC of {@link Blake2s#mac} for many messages under one key, whose own block is
 * compressed once. Allocates nothing per message. Used by one thread.
 */
public final class Blake2sMac {
    /** The key's block waits: it is the last one if no message follows. */
    private final Blake2sState begun = new Blake2sState();

    private final Blake2sState keyed = new Blake2sState();
    private final Blake2sState state = new Blake2sState();

    /**
     * @param key at most 32 bytes, copied
     */
    public Blake2sMac(byte[] key) {
        begun.begin(key, Blake2s.MAC_BYTES);
        keyed.copyFrom(begun);
        keyed.compressFullBlock();
    }

    /** Writes the 16 bytes of the MAC of {@code length} bytes from the start of the message. */
    public void compute(byte[] message, int length, byte[] out16) {
        state.copyFrom(length == 0 ? begun : keyed);
        state.update(message, 0, length);
        state.finish(out16, 0, Blake2s.MAC_BYTES);
    }
}

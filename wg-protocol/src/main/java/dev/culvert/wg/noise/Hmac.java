package dev.culvert.wg.noise;

import java.util.Arrays;

/**
 * HMAC (RFC 2104) with BLAKE2s, for one message after another under one key after another.
 * Allocates nothing once it is made. One thread at a time.
 */
final class Hmac {
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;
    private static final byte[] NO_KEY = {};

    private final Blake2sState inner = new Blake2sState();
    private final Blake2sState outer = new Blake2sState();
    private final Blake2sState state = new Blake2sState();
    private final byte[] pad = new byte[Blake2sState.BLOCK_BYTES];

    /**
     * Starts over with another key.
     *
     * @param key 32 bytes from its start count
     */
    void setKey(byte[] key) {
        begin(inner, key, INNER_PAD);
        begin(outer, key, OUTER_PAD);
    }

    private void begin(Blake2sState half, byte[] key, byte with) {
        Arrays.fill(pad, with);
        for (int i = 0; i < Blake2s.HASH_BYTES; i++) {
            pad[i] ^= key[i];
        }
        half.begin(NO_KEY, Blake2s.HASH_BYTES);
        half.update(pad, 0, pad.length);
    }

    /** Compresses the key's blocks once for several messages, which have one byte or more each. */
    void prepare() {
        inner.compressFullBlock();
        outer.compressFullBlock();
    }

    /** Writes the 32 bytes of the HMAC to the start of {@code out}, which may be the message. */
    void compute(byte[] in, int offset, int length, byte[] out) {
        state.copyFrom(inner);
        state.update(in, offset, length);
        state.finish(out, 0, Blake2s.HASH_BYTES);
        state.copyFrom(outer);
        state.update(out, 0, Blake2s.HASH_BYTES);
        state.finish(out, 0, Blake2s.HASH_BYTES);
    }

    /** Leaves nothing of a key or a message. */
    void zero() {
        inner.zero();
        outer.zero();
        state.zero();
        Arrays.fill(pad, (byte) 0);
    }
}

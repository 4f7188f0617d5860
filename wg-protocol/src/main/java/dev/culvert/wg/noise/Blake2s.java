package dev.culvert.wg.noise;

import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693) in the four uses of WireGuard: hash, keyed MAC of 16 bytes, HMAC and the key
 * derivation of whitepaper §5.4. Callable from any thread.
 */
public final class Blake2s {
    /** Bytes of a hash and of an HMAC. */
    public static final int HASH_BYTES = 32;

    /** Bytes of a keyed MAC. */
    public static final int MAC_BYTES = 16;

    private static final int BLOCK_BYTES = Blake2sState.BLOCK_BYTES;
    private static final byte[] NO_KEY = {};

    private Blake2s() {}

    /** HASH of the concatenated parts. */
    public static byte[] hash(byte[]... parts) {
        Blake2sState state = new Blake2sState();
        state.begin(NO_KEY, HASH_BYTES);
        for (byte[] part : parts) {
            state.update(part, 0, part.length);
        }
        byte[] out = new byte[HASH_BYTES];
        state.finish(out, 0, HASH_BYTES);
        return out;
    }

    /**
     * MAC: BLAKE2s keyed with {@code key}, of {@code length} bytes of {@code input} from its start.
     * Writes 16 bytes at {@code out[outOffset]}.
     *
     * @param key at most 32 bytes
     */
    public static void mac(byte[] key, byte[] input, int length, byte[] out, int outOffset) {
        keyed(key, input, length, out, outOffset, MAC_BYTES);
    }

    /** Keyed BLAKE2s of any output length from 1 to 32. */
    static void keyed(
            byte[] key, byte[] input, int length, byte[] out, int outOffset, int outLength) {
        Blake2sState state = new Blake2sState();
        state.begin(key, outLength);
        state.update(input, 0, length);
        state.finish(out, outOffset, outLength);
        state.zero();
    }

    /** HMAC (RFC 2104) with BLAKE2s of the concatenated parts. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        Hmac hmac = new Hmac(key);
        byte[] out = hmac.of(parts);
        hmac.zero();
        return out;
    }

    /** HMACs under one key. */
    private static final class Hmac {
        private final Blake2sState inner = new Blake2sState();
        private final Blake2sState outer = new Blake2sState();
        private final Blake2sState state = new Blake2sState();

        Hmac(byte[] key) {
            byte[] pad = new byte[BLOCK_BYTES];
            begin(inner, key, pad, 0x36);
            begin(outer, key, pad, 0x5c);
            Arrays.fill(pad, (byte) 0);
        }

        private static void begin(Blake2sState state, byte[] key, byte[] pad, int with) {
            for (int i = 0; i < pad.length; i++) {
                pad[i] = (byte) ((i < key.length ? key[i] : 0) ^ with);
            }
            state.begin(NO_KEY, HASH_BYTES);
            state.update(pad, 0, pad.length);
        }

        /** For several HMACs, of one byte or more each. */
        Hmac prepared() {
            inner.compressFullBlock();
            outer.compressFullBlock();
            return this;
        }

        byte[] of(byte[]... parts) {
            state.copyFrom(inner);
            for (byte[] part : parts) {
                state.update(part, 0, part.length);
            }
            byte[] out = new byte[HASH_BYTES];
            state.finish(out, 0, HASH_BYTES);
            state.copyFrom(outer);
            state.update(out, 0, HASH_BYTES);
            state.finish(out, 0, HASH_BYTES);
            return out;
        }

        void zero() {
            inner.zero();
            outer.zero();
            state.zero();
        }
    }

    /**
     * KDF of whitepaper §5.4: derives as many 32-byte outputs as {@code outs} has. An output may be
     * the same array as {@code key}.
     */
    static void kdf(byte[] key, byte[] input, byte[]... outs) {
        byte[] secret = hmac(key, input);
        Hmac expand = new Hmac(secret).prepared();
        byte[] previous = {};
        for (int i = 0; i < outs.length; i++) {
            byte[] next = expand.of(previous, new byte[] {(byte) (i + 1)});
            Arrays.fill(previous, (byte) 0);
            previous = next;
            System.arraycopy(next, 0, outs[i], 0, HASH_BYTES);
        }
        Arrays.fill(previous, (byte) 0);
        Arrays.fill(secret, (byte) 0);
        expand.zero();
    }
}

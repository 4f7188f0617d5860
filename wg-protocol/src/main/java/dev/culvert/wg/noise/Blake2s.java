package dev.culvert.wg.noise;

import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693) as WireGuard uses it: hash, keyed MAC of 16 bytes, and by {@link Hmac} the key
 * derivation of whitepaper §5.4. Callable from any thread.
 */
public final class Blake2s {
    /** Bytes of a hash and of an HMAC. */
    public static final int HASH_BYTES = 32;

    /** Bytes of a keyed MAC. */
    public static final int MAC_BYTES = 16;

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

    /**
     * KDF of whitepaper §5.4: derives as many 32-byte outputs as {@code outs} has. An output may be
     * the same array as {@code key}.
     */
    static void kdf(byte[] key, byte[] input, byte[]... outs) {
        Hmac hmac = new Hmac();
        hmac.setKey(key);
        // The latest output, and behind it the number of the next.
        byte[] link = new byte[HASH_BYTES + 1];
        hmac.compute(input, 0, input.length, link);
        hmac.setKey(link);
        hmac.prepare();
        for (int i = 0; i < outs.length; i++) {
            link[HASH_BYTES] = (byte) (i + 1);
            int from = i == 0 ? HASH_BYTES : 0;
            hmac.compute(link, from, link.length - from, link);
            System.arraycopy(link, 0, outs[i], 0, HASH_BYTES);
        }
        Arrays.fill(link, (byte) 0);
        hmac.zero();
    }
}

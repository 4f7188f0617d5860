package dev.culvert.wg.noise;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/**
 * BLAKE2s (RFC 7693) in the four uses of WireGuard: hash, keyed MAC of 16 bytes, HMAC and the key
 * derivation of whitepaper §5.4. Callable from any thread.
 */
public final class Blake2s {
    /** Bytes of a hash and of an HMAC. */
    public static final int HASH_BYTES = 32;

    /** Bytes of a keyed MAC. */
    public static final int MAC_BYTES = 16;

    private static final int BLOCK_BYTES = 64;

    private Blake2s() {}

    /** HASH of the concatenated parts. */
    public static byte[] hash(byte[]... parts) {
        Blake2sDigest digest = new Blake2sDigest(8 * HASH_BYTES);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[HASH_BYTES];
        digest.doFinal(out, 0);
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
        Blake2sDigest digest = new Blake2sDigest(key, outLength, null, null);
        digest.update(input, 0, length);
        digest.doFinal(out, outOffset);
        digest.clearKey();
    }

    /** HMAC (RFC 2104) with BLAKE2s of the concatenated parts. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        byte[] pad = new byte[BLOCK_BYTES];
        for (int i = 0; i < pad.length; i++) {
            pad[i] = (byte) ((i < key.length ? key[i] : 0) ^ 0x36);
        }
        Blake2sDigest digest = new Blake2sDigest(8 * HASH_BYTES);
        digest.update(pad, 0, BLOCK_BYTES);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[HASH_BYTES];
        digest.doFinal(out, 0);
        for (int i = 0; i < pad.length; i++) {
            pad[i] ^= 0x36 ^ 0x5c;
        }
        digest.update(pad, 0, BLOCK_BYTES);
        digest.update(out, 0, HASH_BYTES);
        digest.doFinal(out, 0);
        Arrays.fill(pad, (byte) 0);
        return out;
    }

    /**
     * KDF of whitepaper §5.4: derives as many 32-byte outputs as {@code outs} has. An output may be
     * the same array as {@code key}.
     */
    static void kdf(byte[] key, byte[] input, byte[]... outs) {
        byte[] secret = hmac(key, input);
        byte[] previous = {};
        for (int i = 0; i < outs.length; i++) {
            byte[] next = hmac(secret, previous, new byte[] {(byte) (i + 1)});
            Arrays.fill(previous, (byte) 0);
            previous = next;
            System.arraycopy(next, 0, outs[i], 0, HASH_BYTES);
        }
        Arrays.fill(previous, (byte) 0);
        Arrays.fill(secret, (byte) 0);
    }
}

package dev.culvert.wg.noise;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One computation of BLAKE2s, plain or keyed (RFC 7693), after another. Allocates nothing once it
 * is made. One thread at a time.
 */
final class Blake2sState {
    static final int BLOCK_BYTES = 64;

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** RFC 7693 §2.6: that of SHA-256. */
    private static final int[] IV = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    /** RFC 7693 §2.7: the order of the message's words, round after round. */
    private static final byte[] SIGMA = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, //
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3, //
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, //
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8, //
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13, //
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9, //
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11, //
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10, //
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5, //
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0
    };

    /** The chaining value h of RFC 7693. */
    private final int[] chaining = new int[8];

    private final byte[] block = new byte[BLOCK_BYTES];
    private final int[] words = new int[16];
    private int filled;
    private long compressedBytes;

    /**
     * Starts over.
     *
     * @param key 0 to 32 bytes; none: plain
     * @param outBytes 1 to 32
     */
    void begin(byte[] key, int outBytes) {
        System.arraycopy(IV, 0, chaining, 0, chaining.length);
        chaining[0] ^= 0x0101_0000 ^ (key.length << 8) ^ outBytes;
        filled = 0;
        compressedBytes = 0;
        if (key.length > 0) {
            update(key, 0, key.length);
            Arrays.fill(block, key.length, BLOCK_BYTES, (byte) 0);
            filled = BLOCK_BYTES;
        }
    }

    /** Goes on from where the other is. */
    void copyFrom(Blake2sState other) {
        System.arraycopy(other.chaining, 0, chaining, 0, chaining.length);
        System.arraycopy(other.block, 0, block, 0, other.filled);
        filled = other.filled;
        compressedBytes = other.compressedBytes;
    }

    /** Compresses a full block even though nothing follows it yet: something has to. */
    void compressFullBlock() {
        if (filled == BLOCK_BYTES) {
            compress(BLOCK_BYTES, 0);
            filled = 0;
        }
    }

    void update(byte[] in, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            // The last block is compressed differently: a full one waits for what follows.
            compressFullBlock();
            int taken = Math.min(left, BLOCK_BYTES - filled);
            System.arraycopy(in, at, block, filled, taken);
            filled += taken;
            at += taken;
            left -= taken;
        }
    }

    /** Writes {@code outBytes} of the result; {@link #begin} or {@link #copyFrom} comes next. */
    void finish(byte[] out, int offset, int outBytes) {
        Arrays.fill(block, filled, BLOCK_BYTES, (byte) 0);
        compress(filled, -1);
        int whole = outBytes & -Integer.BYTES;
        for (int i = 0; i < whole; i += Integer.BYTES) {
            WORD.set(out, offset + i, chaining[i / Integer.BYTES]);
        }
        for (int i = whole; i < outBytes; i++) {
            out[offset + i] = (byte) (chaining[i / Integer.BYTES] >>> (8 * (i - whole)));
        }
    }

    /** Leaves nothing of a key or of what was hashed. */
    void zero() {
        Arrays.fill(chaining, 0);
        Arrays.fill(block, (byte) 0);
        Arrays.fill(words, 0);
        filled = 0;
    }

    /**
     * The function F of RFC 7693 §3.2.
     *
     * @param bytes of the block that count
     * @param last -1 for the last block, else 0
     */
    private void compress(int bytes, int last) {
        compressedBytes += bytes;
        int[] m = words;
        for (int i = 0; i < m.length; i++) {
            m[i] = (int) WORD.get(block, 4 * i);
        }
        int[] h = chaining;
        int v0 = h[0];
        int v1 = h[1];
        int v2 = h[2];
        int v3 = h[3];
        int v4 = h[4];
        int v5 = h[5];
        int v6 = h[6];
        int v7 = h[7];
        int v8 = IV[0];
        int v9 = IV[1];
        int v10 = IV[2];
        int v11 = IV[3];
        int v12 = IV[4] ^ (int) compressedBytes;
        int v13 = IV[5] ^ (int) (compressedBytes >>> 32);
        int v14 = IV[6] ^ last;
        int v15 = IV[7];
        for (int r = 0; r < SIGMA.length; r += 16) {
            v0 += v4 + m[SIGMA[r]];
            v12 = Integer.rotateRight(v12 ^ v0, 16);
            v8 += v12;
            v4 = Integer.rotateRight(v4 ^ v8, 12);
            v0 += v4 + m[SIGMA[r + 1]];
            v12 = Integer.rotateRight(v12 ^ v0, 8);
            v8 += v12;
            v4 = Integer.rotateRight(v4 ^ v8, 7);
            v1 += v5 + m[SIGMA[r + 2]];
            v13 = Integer.rotateRight(v13 ^ v1, 16);
            v9 += v13;
            v5 = Integer.rotateRight(v5 ^ v9, 12);
            v1 += v5 + m[SIGMA[r + 3]];
            v13 = Integer.rotateRight(v13 ^ v1, 8);
            v9 += v13;
            v5 = Integer.rotateRight(v5 ^ v9, 7);
            v2 += v6 + m[SIGMA[r + 4]];
            v14 = Integer.rotateRight(v14 ^ v2, 16);
            v10 += v14;
            v6 = Integer.rotateRight(v6 ^ v10, 12);
            v2 += v6 + m[SIGMA[r + 5]];
            v14 = Integer.rotateRight(v14 ^ v2, 8);
            v10 += v14;
            v6 = Integer.rotateRight(v6 ^ v10, 7);
            v3 += v7 + m[SIGMA[r + 6]];
            v15 = Integer.rotateRight(v15 ^ v3, 16);
            v11 += v15;
            v7 = Integer.rotateRight(v7 ^ v11, 12);
            v3 += v7 + m[SIGMA[r + 7]];
            v15 = Integer.rotateRight(v15 ^ v3, 8);
            v11 += v15;
            v7 = Integer.rotateRight(v7 ^ v11, 7);
            v0 += v5 + m[SIGMA[r + 8]];
            v15 = Integer.rotateRight(v15 ^ v0, 16);
            v10 += v15;
            v5 = Integer.rotateRight(v5 ^ v10, 12);
            v0 += v5 + m[SIGMA[r + 9]];
            v15 = Integer.rotateRight(v15 ^ v0, 8);
            v10 += v15;
            v5 = Integer.rotateRight(v5 ^ v10, 7);
            v1 += v6 + m[SIGMA[r + 10]];
            v12 = Integer.rotateRight(v12 ^ v1, 16);
            v11 += v12;
            v6 = Integer.rotateRight(v6 ^ v11, 12);
            v1 += v6 + m[SIGMA[r + 11]];
            v12 = Integer.rotateRight(v12 ^ v1, 8);
            v11 += v12;
            v6 = Integer.rotateRight(v6 ^ v11, 7);
            v2 += v7 + m[SIGMA[r + 12]];
            v13 = Integer.rotateRight(v13 ^ v2, 16);
            v8 += v13;
            v7 = Integer.rotateRight(v7 ^ v8, 12);
            v2 += v7 + m[SIGMA[r + 13]];
            v13 = Integer.rotateRight(v13 ^ v2, 8);
            v8 += v13;
            v7 = Integer.rotateRight(v7 ^ v8, 7);
            v3 += v4 + m[SIGMA[r + 14]];
            v14 = Integer.rotateRight(v14 ^ v3, 16);
            v9 += v14;
            v4 = Integer.rotateRight(v4 ^ v9, 12);
            v3 += v4 + m[SIGMA[r + 15]];
            v14 = Integer.rotateRight(v14 ^ v3, 8);
            v9 += v14;
            v4 = Integer.rotateRight(v4 ^ v9, 7);
        }
        h[0] ^= v0 ^ v8;
        h[1] ^= v1 ^ v9;
        h[2] ^= v2 ^ v10;
        h[3] ^= v3 ^ v11;
        h[4] ^= v4 ^ v12;
        h[5] ^= v5 ^ v13;
        h[6] ^= v6 ^ v14;
        h[7] ^= v7 ^ v15;
    }
}

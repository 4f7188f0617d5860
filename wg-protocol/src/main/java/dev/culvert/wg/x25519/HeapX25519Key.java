package dev.culvert.wg.x25519;

import java.util.Arrays;

/** A private key in an array of its own. */
abstract class HeapX25519Key implements X25519Key {
    private final byte[] bytes;
    private boolean closed;

    HeapX25519Key(byte[] private32) {
        bytes = checkedKey(private32).clone();
    }

    static byte[] checkedKey(byte[] key32) {
        if (key32.length != X25519.KEY_BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes");
        }
        return key32;
    }

    /** The private key itself, not a copy. */
    final byte[] bytes() {
        if (closed) {
            throw new IllegalStateException("the key is closed");
        }
        return bytes;
    }

    @Override
    public final void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** Never a key. */
    @Override
    public final String toString() {
        return "X25519Key";
    }
}

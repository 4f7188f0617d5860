package dev.culvert.wg.noise;

import java.util.random.RandomGenerator;

/** Hands out one published ephemeral key after the other. */
public final class FixedRandom implements RandomGenerator {
    private final byte[][] values;
    private int next;

    public FixedRandom(byte[]... values) {
        this.values = values.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        System.arraycopy(values[next++], 0, bytes, 0, bytes.length);
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException();
    }
}

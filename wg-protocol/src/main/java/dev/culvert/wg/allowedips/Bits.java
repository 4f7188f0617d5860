package dev.culvert.wg.allowedips;

/** Numbers of 128 bits as two longs; bit 0 is the most significant one. */
final class Bits {
    private Bits() {}

    /** The upper half of a mask of {@code length} ones, 0..128. */
    static long maskHi(int length) {
        return length == 0 ? 0 : -1L << -Math.min(length, Long.SIZE);
    }

    /** The lower half of a mask of {@code length} ones, 0..128. */
    static long maskLo(int length) {
        return length <= Long.SIZE ? 0 : -1L << -length;
    }

    /** Bit {@code i}, 0..127. */
    static int bit(long hi, long lo, int i) {
        long half = i < Long.SIZE ? hi : lo;
        return (int) (half >>> ~i) & 1;
    }

    /** How many leading bits two numbers share, 0..128. */
    static int commonPrefix(long aHi, long aLo, long bHi, long bLo) {
        return aHi != bHi
                ? Long.numberOfLeadingZeros(aHi ^ bHi)
                : Long.SIZE + Long.numberOfLeadingZeros(aLo ^ bLo);
    }
}

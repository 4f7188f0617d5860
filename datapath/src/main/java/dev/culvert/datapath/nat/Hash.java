package dev.culvert.datapath.nat;

/** A hash that outsiders cannot aim: keyed, and mixed well in both halves. */
final class Hash {
    /** An odd constant with well mixed bits: the fractional part of the golden ratio. */
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private final long key1;
    private final long key2;

    /** Two random numbers. */
    Hash(long key1, long key2) {
        this.key1 = key1;
        this.key2 = key2 | 1;
    }

    int of(long a, long b, long c) {
        long mixed = fold(a ^ key1, MIX ^ key2);
        mixed = fold(mixed ^ b, key2);
        return (int) fold(mixed ^ c ^ key1, MIX);
    }

    /** Both halves of the 128-bit product. */
    private static long fold(long x, long y) {
        return x * y ^ Math.unsignedMultiplyHigh(x, y);
    }
}

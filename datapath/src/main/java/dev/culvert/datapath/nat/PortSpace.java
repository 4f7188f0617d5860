package dev.culvert.datapath.nat;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The ports of the tunnel's address for one protocol, or the identifiers of ICMP queries, and whose
 * they are. A port has one owner: none is overloaded (RFC 4787 REQ-3b).
 */
final class PortSpace {
    static final int PORTS = 65536;

    /** Below are the ports that servers take as a sign of privilege. */
    static final int FIRST_HIGH_PORT = 1024;

    private static final int RANDOM_TRIES = 8;
    private static final long EVEN_BITS = 0x5555_5555_5555_5555L;

    private final int[] owners = new int[PORTS];
    private final long[] used = new long[PORTS / 64];

    PortSpace() {
        Arrays.fill(owners, Records.NONE);
    }

    /** The mapping that has the port, or {@link Records#NONE}. */
    int owner(int port) {
        return owners[port];
    }

    void take(int port, int mapping) {
        owners[port] = mapping;
        used[port >>> 6] |= 1L << port;
    }

    void free(int port) {
        owners[port] = Records.NONE;
        used[port >>> 6] &= ~(1L << port);
    }

    /**
     * A free port in place of one that is taken: random (RFC 6056), of the same range and parity
     * (RFC 4787 REQ-3a, REQ-4).
     *
     * @return -1: there is none
     */
    int another(int wanted, RandomGenerator random) {
        boolean low = wanted < FIRST_HIGH_PORT;
        int first = low ? 0 : FIRST_HIGH_PORT;
        int count = low ? FIRST_HIGH_PORT : PORTS - FIRST_HIGH_PORT;
        int parity = wanted & 1;
        int tried = 0;
        for (int i = 0; i < RANDOM_TRIES; i++) {
            tried = ((first + random.nextInt(count)) & ~1) | parity;
            if (tried != 0 && owners[tried] == Records.NONE) {
                return tried;
            }
        }
        return search(tried >>> 6, first >>> 6, count >>> 6, parity);
    }

    /** From a word on, around all words of the range. */
    private int search(int from, int firstWord, int words, int parity) {
        long candidates = EVEN_BITS << parity;
        for (int i = 0; i < words; i++) {
            int word = firstWord + (from - firstWord + i) % words;
            long free = ~used[word] & candidates;
            if (word == 0) {
                free &= ~1L;
            }
            if (free != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(free);
            }
        }
        return -1;
    }

    /** Bytes of memory. */
    long sizeBytes() {
        return (long) owners.length * Integer.BYTES + (long) used.length * Long.BYTES;
    }
}

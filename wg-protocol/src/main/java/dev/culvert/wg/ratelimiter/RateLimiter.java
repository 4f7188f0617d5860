package dev.culvert.wg.ratelimiter;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * 20 initiations a second with bursts of 5, per IPv4 address or IPv6 /64.
 *
 * <p>A bucket is one number, the time at which it will be full again: a source may send while that
 * is at most four intervals ahead. A bucket that is full says nothing, so its slot is free; nothing
 * has to expire, and nothing is allocated. Each source hashes to a set of 8 slots; when all 8 hold
 * sources that are not yet full again, a further source is refused. Not thread-safe.
 */
public final class RateLimiter {
    /** Sources remembered at most. */
    public static final int CAPACITY = 8192;

    private static final long INTERVAL_NS = 50_000_000L;
    private static final long BURST_AHEAD_NS = 4 * INTERVAL_NS;
    private static final int WAYS = 8;

    /** No packet comes from a multicast address, so IPv4 sources can stand in ff00::/64. */
    private static final long IPV4_PREFIX = 0xff00_0000L << 32;

    private final long hashSeed;
    private final long[] sources = new long[CAPACITY];
    private final long[] fullAtNs = new long[CAPACITY];
    private boolean started;

    /**
     * @param random seeds the hash, so that nobody can choose sources of one set
     */
    public RateLimiter(RandomGenerator random) {
        hashSeed = random.nextLong();
    }

    /**
     * Takes a token of the source's bucket.
     *
     * @param address 4 or 16 bytes
     * @return false when the bucket is empty or the table has no room
     */
    public boolean allow(byte[] address, long nowNs) {
        if (!started) {
            Arrays.fill(fullAtNs, nowNs);
            started = true;
        }
        long source = source(address);
        int set = (int) (mix(source ^ hashSeed) & (CAPACITY / WAYS - 1)) * WAYS;
        int free = -1;
        for (int slot = set; slot < set + WAYS; slot++) {
            long aheadNs = fullAtNs[slot] - nowNs;
            if (aheadNs <= 0) {
                free = slot;
            } else if (sources[slot] == source) {
                if (aheadNs > BURST_AHEAD_NS) {
                    return false;
                }
                fullAtNs[slot] += INTERVAL_NS;
                return true;
            }
        }
        if (free < 0) {
            return false;
        }
        sources[free] = source;
        fullAtNs[free] = nowNs + INTERVAL_NS;
        return true;
    }

    private static long source(byte[] address) {
        if (address.length == 4) {
            return IPV4_PREFIX | bigEndian(address, 0, 4);
        }
        return bigEndian(address, 0, 8);
    }

    private static long bigEndian(byte[] bytes, int offset, int length) {
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    /** The finalizer of MurmurHash3: every input bit reaches every output bit. */
    private static long mix(long value) {
        long x = value;
        x = (x ^ x >>> 33) * 0xff51_afd7_ed55_8ccdL;
        x = (x ^ x >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return x ^ x >>> 33;
    }
}

package dev.culvert.datapath.nat;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.List;

/** A short list of networks. */
final class Prefixes {
    private final boolean[] v4s;
    private final long[] highs;
    private final long[] lows;
    private final long[] highMasks;
    private final long[] lowMasks;

    Prefixes(List<IpPrefix> prefixes) {
        int count = prefixes.size();
        v4s = new boolean[count];
        highs = new long[count];
        lows = new long[count];
        highMasks = new long[count];
        lowMasks = new long[count];
        for (int i = 0; i < count; i++) {
            IpPrefix prefix = prefixes.get(i);
            v4s[i] = prefix.address().getAddress().length == 4;
            int bits = prefix.length() + 128 - prefix.address().getAddress().length * 8;
            highMasks[i] = mask(Math.min(bits, 64));
            lowMasks[i] = mask(Math.max(bits - 64, 0));
            highs[i] = Addresses.high(prefix.address()) & highMasks[i];
            lows[i] = Addresses.low(prefix.address()) & lowMasks[i];
        }
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }

    boolean contains(boolean v4, long high, long low) {
        for (int i = 0; i < lows.length; i++) {
            if (v4s[i] == v4
                    && (low & lowMasks[i]) == lows[i]
                    && (high & highMasks[i]) == highs[i]) {
                return true;
            }
        }
        return false;
    }
}

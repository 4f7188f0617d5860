package dev.culvert.datapath.icmp;

/** Lets a burst through and then a steady rate. One thread. */
final class TokenBucket {
    private final long tokenNs;
    private final long capacityNs;

    /** The time from which on the bucket would be full. */
    private long fullAtNs;

    private boolean used;

    TokenBucket(long tokenNs, int burst) {
        this.tokenNs = tokenNs;
        this.capacityNs = tokenNs * burst;
    }

    boolean take(long nowNs) {
        if (!used || fullAtNs - nowNs < 0) {
            used = true;
            fullAtNs = nowNs;
        }
        if (fullAtNs - nowNs > capacityNs - tokenNs) {
            return false;
        }
        fullAtNs += tokenNs;
        return true;
    }
}

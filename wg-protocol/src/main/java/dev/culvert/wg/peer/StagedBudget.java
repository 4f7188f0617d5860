package dev.culvert.wg.peer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that all peers of a device together may stage, so that many peers without a session cannot
 * fill the memory. Any thread.
 */
public final class StagedBudget {
    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    /**
     * @param limitBytes for the whole device
     */
    public StagedBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean take(int bytes) {
        if (usedBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        usedBytes.addAndGet(-bytes);
    }

    /** Bytes staged now. */
    public long usedBytes() {
        return usedBytes.get();
    }
}

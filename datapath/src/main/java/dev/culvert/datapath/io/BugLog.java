package dev.culvert.datapath.io;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exceptions that came out of a duty. No packet is supposed to cause one; when one does, the
 * packets behind it still pass, and the log does not grow with each: it has the first, the second,
 * the fourth, the eighth. Used by one thread.
 */
public final class BugLog {
    private static final Logger LOG = LoggerFactory.getLogger(BugLog.class);

    private int count;

    public BugLog() {}

    /** Called where the exception was caught. */
    public void note(RuntimeException bug) {
        count++;
        if (Integer.bitCount(count) == 1) {
            LOG.error("A packet caused an exception ({} so far)", count, bug);
        }
    }
}

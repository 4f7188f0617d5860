package dev.culvert.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps back what the threads of a group say: their tunnels are not the user's, who would search
 * the log for peers that are not there, and errors for their cause.
 */
public final class QuietThreads extends Filter<ILoggingEvent> {
    private static final ThreadGroup GROUP = new ThreadGroup("quiet");

    QuietThreads() {}

    /** For threads to be started in; those that they start are in it as well. */
    public static ThreadGroup group() {
        return GROUP;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return GROUP.equals(Thread.currentThread().getThreadGroup())
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}

package dev.culvert.app.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class QuietThreadsTest {
    @Test
    void letsNothingOfTheGroupThrough() throws Exception {
        assertEquals(FilterReply.NEUTRAL, decide(Thread.ofPlatform()));
        assertEquals(FilterReply.DENY, decide(Thread.ofPlatform().group(QuietThreads.group())));
    }

    /** For an error of a thread that such a thread has started. */
    private static FilterReply decide(Thread.Builder.OfPlatform parent) throws Exception {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(new LoggerContext());
        event.setLevel(Level.ERROR);
        FutureTask<FilterReply> decision = new FutureTask<>(() -> new QuietThreads().decide(event));
        parent.start(() -> Thread.ofPlatform().start(decision));
        return decision.get();
    }
}

package dev.culvert.app.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LineEncoderTest {
    private final Logger logger = new LoggerContext().getLogger("dev.culvert.test");

    @Test
    void writesOneLinePerEvent() {
        assertEquals(
                "ERROR: (wg0) 2026-01-31T12:00:00.005Z port 5 is taken\n",
                encode(Level.WARN, "port {} is taken", null, 5));
        assertEquals("DEBUG: (wg0) 2026-01-31T12:00:00.005Z up\n", encode(Level.INFO, "up", null));
    }

    @Test
    void keepsAMessageToItsLine() {
        assertEquals(
                "ERROR: (wg0) 2026-01-31T12:00:00.005Z a ERROR: forged \n",
                encode(Level.ERROR, "a\nERROR: forged\u007f", null));
    }

    @Test
    void showsWhereABugIs() {
        String text = encode(Level.ERROR, "loop", new IllegalStateException("broken"));
        assertTrue(text.contains("\n  java.lang.IllegalStateException: broken\n    at "), text);
    }

    @ParameterizedTest
    @CsvSource({
        "verbose, VERBOSE",
        "debug, VERBOSE",
        "info, INFO",
        "error, ERROR",
        "silent, SILENT",
        "'', ERROR",
        "loud, ERROR"
    })
    void readsTheLevelsOfWireguardGo(String variable, LogLevel level) {
        assertEquals(level, LogLevel.of(variable));
    }

    private String encode(
            Level level, String message, @Nullable Throwable thrown, Object... arguments) {
        LoggingEvent event = new LoggingEvent("", logger, level, message, thrown, arguments);
        event.setInstant(Instant.parse("2026-01-31T12:00:00.005Z"));
        return new String(new LineEncoder("wg0", false).encode(event), StandardCharsets.UTF_8);
    }
}

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

final class JsonEncoderTest {
    private final Logger logger = new LoggerContext().getLogger("dev.culvert.test");

    @Test
    void writesOneObjectPerLine() {
        assertEquals(
                "{\"time\":\"2026-01-31T12:00:00.005Z\",\"level\":\"warn\",\"interface\":\"wg0\","
                        + "\"message\":\"port 5 is\\n\\\"taken\\\"\"}\n",
                encode("port {} is\n\"taken\"", null, 5));
    }

    @Test
    void keepsAStackTraceToTheLine() {
        String line = encode("loop", new IllegalStateException("broken"));

        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertTrue(line.contains("java.lang.IllegalStateException: broken\\n\\tat "), line);
    }

    private String encode(String message, @Nullable Throwable thrown, Object... arguments) {
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, thrown, arguments);
        event.setInstant(Instant.parse("2026-01-31T12:00:00.005Z"));
        return new String(new JsonEncoder("wg0").encode(event), StandardCharsets.UTF_8);
    }
}

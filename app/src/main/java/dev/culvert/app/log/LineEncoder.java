package dev.culvert.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event, one line: {@code ERROR: (wg0) 2026-01-31T12:00:00.123Z message}. An exception is a bug
 * here and follows with its stack trace; what is bad input or a bad setting is a message.
 */
final class LineEncoder extends EventEncoder {
    private final String interfaceName;
    private final boolean ownLevels;

    /**
     * @param ownLevels shows the levels' own names; otherwise the two that wireguard-go has
     */
    LineEncoder(String interfaceName, boolean ownLevels) {
        this.interfaceName = interfaceName;
        this.ownLevels = ownLevels;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(level(event.getLevel())).append(": (");
        line.append(interfaceName).append(") ");
        line.append(time(event));
        line.append(' ');
        appendOneLine(line, event.getFormattedMessage());
        line.append('\n');
        for (IThrowableProxy cause = event.getThrowableProxy();
                cause != null;
                cause = cause.getCause()) {
            appendStackTrace(line, cause);
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private String level(Level level) {
        if (ownLevels) {
            return level.toString();
        }
        return level.isGreaterOrEqual(Level.WARN) ? "ERROR" : "DEBUG";
    }

    /** Control characters would let a message look like several lines. */
    private static void appendOneLine(StringBuilder line, @Nullable String text) {
        if (text == null) {
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(c < ' ' || c == 0x7f ? ' ' : c);
        }
    }

    private static void appendStackTrace(StringBuilder out, IThrowableProxy cause) {
        out.append("  ").append(cause.getClassName()).append(": ");
        appendOneLine(out, cause.getMessage());
        out.append('\n');
        for (StackTraceElementProxy frame : cause.getStackTraceElementProxyArray()) {
            out.append("    ").append(frame).append('\n');
        }
    }
}

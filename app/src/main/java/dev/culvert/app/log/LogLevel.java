package dev.culvert.app.log;

import ch.qos.logback.classic.Level;

/** The values of {@code LOG_LEVEL}: wireguard-go's, and those that users of other programs try. */
public enum LogLevel {
    /** Everything: start-up choices, handshakes, up and down. */
    VERBOSE,

    /** Each step, one line. */
    INFO,

    /** What needs someone's attention. */
    ERROR,

    /** Nothing. */
    SILENT;

    /** What the variable says; {@link #ERROR} where it is not set. */
    public static LogLevel of(String choice) {
        return switch (choice) {
            case "verbose", "debug" -> VERBOSE;
            case "info" -> INFO;
            case "silent", "off" -> SILENT;
            default -> ERROR;
        };
    }

    Level level() {
        return switch (this) {
            case VERBOSE -> Level.DEBUG;
            case INFO -> Level.INFO;
            case ERROR -> Level.WARN;
            case SILENT -> Level.OFF;
        };
    }
}

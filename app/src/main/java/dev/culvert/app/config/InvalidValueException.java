package dev.culvert.app.config;

/** A value that is none; the message goes on behind the name of its key. */
final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidValueException(String message) {
        super(message);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}

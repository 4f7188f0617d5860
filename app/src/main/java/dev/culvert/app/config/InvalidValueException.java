package dev.culvert.app.config;

/** A value that is none; the message goes on behind the name of its key. */
public final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }

    /** What is wrong and what would be right. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}

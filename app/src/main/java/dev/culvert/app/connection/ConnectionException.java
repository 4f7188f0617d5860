package dev.culvert.app.connection;

/**
 * A tunnel cannot be opened, changed or tried; the message has one line for each thing that is
 * wrong.
 */
public final class ConnectionException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message of one line or several
     */
    public ConnectionException(String message) {
        super(message);
    }

    /**
     * @param message of one line or several
     */
    public ConnectionException(String message, Throwable cause) {
        super(message, cause);
    }
}

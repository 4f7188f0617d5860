package dev.culvert.app.tunnel;

/** The tunnel cannot be set up; the message is one line for the user. */
public final class TunnelException extends Exception {
    private static final long serialVersionUID = 1L;

    TunnelException(String message, Throwable cause) {
        super(message, cause);
    }
}

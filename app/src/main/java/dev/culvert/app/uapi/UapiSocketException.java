package dev.culvert.app.uapi;

/** The socket cannot be had; the message is one line for the user. */
public final class UapiSocketException extends Exception {
    private static final long serialVersionUID = 1L;

    UapiSocketException(String message) {
        super(message);
    }
}

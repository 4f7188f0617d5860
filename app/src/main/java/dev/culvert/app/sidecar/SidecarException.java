package dev.culvert.app.sidecar;

/** The sidecar cannot go on; the message has one line for each thing that is wrong. */
public final class SidecarException extends Exception {
    private static final long serialVersionUID = 1L;

    SidecarException(String message) {
        super(message);
    }

    SidecarException(String message, Throwable cause) {
        super(message, cause);
    }
}

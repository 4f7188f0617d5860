package dev.culvert.wg.aead;

import org.jspecify.annotations.Nullable;

/** A provider cannot be used on this host; the message says why in one line. */
final class AeadUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    AeadUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

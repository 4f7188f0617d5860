package dev.culvert.tun;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device that cannot be had. The message is one line for a person: what is wrong, and what
 * helps.
 */
public final class TunException extends IOException {
    private static final long serialVersionUID = 1L;

    TunException(String message) {
        super(message);
    }

    TunException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

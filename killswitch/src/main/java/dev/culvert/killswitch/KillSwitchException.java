package dev.culvert.killswitch;

import java.io.Serial;

/**
 * The rules are not as they have to be; the message is one line. What was there before is there
 * still.
 */
public final class KillSwitchException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    KillSwitchException(String message) {
        super(message);
    }

    KillSwitchException(String message, Throwable cause) {
        super(message, cause);
    }
}

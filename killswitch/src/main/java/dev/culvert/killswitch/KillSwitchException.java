package dev.culvert.killswitch;

import java.io.Serial;

/**
 * The rules are not as they have to be; the message is one line. If the kernel has refused them,
 * those from before are in force still.
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

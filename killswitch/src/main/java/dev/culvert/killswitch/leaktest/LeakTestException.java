package dev.culvert.killswitch.leaktest;

import java.io.Serial;

/** The test cannot tell whether anything leaks; the message is one line. */
public final class LeakTestException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    LeakTestException(String message) {
        super(message);
    }

    LeakTestException(String message, Throwable cause) {
        super(message, cause);
    }
}

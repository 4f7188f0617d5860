package dev.culvert.killswitch.nftables;

import java.io.Serial;

/** The kernel or the library refused; the message is one line. */
public final class NftablesException extends Exception {
    @Serial private static final long serialVersionUID = 1;

    NftablesException(String message) {
        super(message);
    }

    NftablesException(String message, Throwable cause) {
        super(message, cause);
    }
}

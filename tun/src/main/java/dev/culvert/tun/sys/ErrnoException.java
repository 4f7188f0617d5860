package dev.culvert.tun.sys;

import java.io.IOException;

/** A system call of the control plane that failed: what was tried, and the error number. */
public class ErrnoException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * {@code errno} positive or negative. The message reads {@code "<operation>: EBUSY: device or
     * resource busy"}.
     */
    public ErrnoException(String operation, int errno) {
        super(operation + ": " + Errno.text(errno));
        this.errno = Math.abs(errno);
    }

    /** The same with an explanation in brackets behind it, unless that is empty. */
    protected ErrnoException(String operation, int errno, String explanation) {
        super(
                operation
                        + ": "
                        + Errno.text(errno)
                        + (explanation.isEmpty() ? "" : " (" + explanation + ")"));
        this.errno = Math.abs(errno);
    }

    /** Positive. */
    public int errno() {
        return errno;
    }

    /** Passes a result {@code >= 0} through. */
    public static int check(String operation, int result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(operation, result);
        }
        return result;
    }
}

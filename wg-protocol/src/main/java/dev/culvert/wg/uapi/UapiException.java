package dev.culvert.wg.uapi;

/** A request that is refused. The message names line and key, never a value: it may be secret. */
public final class UapiException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** Made for hostile input as well: no stack trace is taken. */
    UapiException(int errno, String message) {
        super(message, null, false, false);
        this.errno = errno;
    }

    /** A positive value of {@code errno.h}, see {@link UapiErrno}. */
    public int errno() {
        return errno;
    }
}

package dev.culvert.wg.uapi;

/** The values of Linux' {@code errno.h} that answers end with; 0 is success. */
public final class UapiErrno {
    /** A request with more peers and allowed IPs than {@link UapiParser#MAX_ENTRIES}. */
    public static final int E2BIG = 7;

    /** An unknown key, or a value that is not of the key's form. */
    public static final int EINVAL = 22;

    /** A line that is not {@code key=value}. */
    public static final int EPROTO = 71;

    /** The listen port is taken. */
    public static final int EADDRINUSE = 98;

    private UapiErrno() {}
}

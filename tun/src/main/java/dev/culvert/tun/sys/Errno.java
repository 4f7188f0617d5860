package dev.culvert.tun.sys;

/**
 * Error numbers of Linux (the generic table, which x86-64 and aarch64 share) and their text for
 * people.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int E2BIG = 7;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int EPROTO = 71;
    public static final int ENOTUNIQ = 76;
    public static final int EBADFD = 77;
    public static final int ENOTSOCK = 88;
    public static final int EDESTADDRREQ = 89;
    public static final int EMSGSIZE = 90;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;

    private Errno() {}

    /** {@code "EADDRINUSE"} for 98 and for -98 (a result as {@link Libc} gives it). */
    public static String name(int errno) {
        String text = text(errno);
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }

    /**
     * {@code "EADDRINUSE: address already in use"} for 98 and for -98 (a result as {@link Libc}
     * gives it).
     */
    public static String text(int errno) {
        return switch (Math.abs(errno)) {
            case EPERM -> "EPERM: operation not permitted";
            case ENOENT -> "ENOENT: no such file or directory";
            case ESRCH -> "ESRCH: no such process";
            case EINTR -> "EINTR: interrupted system call";
            case EIO -> "EIO: input/output error";
            case ENXIO -> "ENXIO: no such device or address";
            case E2BIG -> "E2BIG: argument list too long";
            case EBADF -> "EBADF: bad file descriptor";
            case EAGAIN -> "EAGAIN: resource temporarily unavailable";
            case ENOMEM -> "ENOMEM: cannot allocate memory";
            case EACCES -> "EACCES: permission denied";
            case EFAULT -> "EFAULT: bad address";
            case EBUSY -> "EBUSY: device or resource busy";
            case EEXIST -> "EEXIST: file exists";
            case ENODEV -> "ENODEV: no such device";
            case ENOTDIR -> "ENOTDIR: not a directory";
            case EINVAL -> "EINVAL: invalid argument";
            case ENFILE -> "ENFILE: too many open files in system";
            case EMFILE -> "EMFILE: too many open files";
            case ENOTTY -> "ENOTTY: inappropriate ioctl for device";
            case EFBIG -> "EFBIG: file too large";
            case ENOSPC -> "ENOSPC: no space left on device";
            case EPIPE -> "EPIPE: broken pipe";
            case ERANGE -> "ERANGE: numerical result out of range";
            case ENAMETOOLONG -> "ENAMETOOLONG: file name too long";
            case ENOSYS -> "ENOSYS: function not implemented";
            case EPROTO -> "EPROTO: protocol error";
            case ENOTUNIQ -> "ENOTUNIQ: name not unique on network";
            case EBADFD -> "EBADFD: file descriptor in bad state";
            case ENOTSOCK -> "ENOTSOCK: socket operation on non-socket";
            case EDESTADDRREQ -> "EDESTADDRREQ: destination address required";
            case EMSGSIZE -> "EMSGSIZE: message too long";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT: protocol not supported";
            case EOPNOTSUPP -> "EOPNOTSUPP: operation not supported";
            case EAFNOSUPPORT -> "EAFNOSUPPORT: address family not supported by protocol";
            case EADDRINUSE -> "EADDRINUSE: address already in use";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL: cannot assign requested address";
            case ENETDOWN -> "ENETDOWN: network is down";
            case ENETUNREACH -> "ENETUNREACH: network is unreachable";
            case ECONNABORTED -> "ECONNABORTED: software caused connection abort";
            case ECONNRESET -> "ECONNRESET: connection reset by peer";
            case ENOBUFS -> "ENOBUFS: no buffer space available";
            case EISCONN -> "EISCONN: transport endpoint is already connected";
            case ENOTCONN -> "ENOTCONN: transport endpoint is not connected";
            case ETIMEDOUT -> "ETIMEDOUT: connection timed out";
            case ECONNREFUSED -> "ECONNREFUSED: connection refused";
            case EHOSTDOWN -> "EHOSTDOWN: host is down";
            case EHOSTUNREACH -> "EHOSTUNREACH: no route to host";
            case EALREADY -> "EALREADY: operation already in progress";
            case EINPROGRESS -> "EINPROGRESS: operation now in progress";
            default -> "errno " + Math.abs(errno);
        };
    }
}

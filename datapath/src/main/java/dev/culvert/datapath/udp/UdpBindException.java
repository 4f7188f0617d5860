package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Errno;

/** The UDP sockets could not be opened or bound. The message is one line for people. */
public final class UdpBindException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    UdpBindException(String what, int errno) {
        super(what + ": " + Errno.text(errno));
        this.errno = errno;
    }

    /** Positive errno, such as EADDRINUSE. */
    public int errno() {
        return errno;
    }
}

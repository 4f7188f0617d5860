package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.ErrnoException;

/**
 * A request that the kernel refused, with the kernel's own explanation where it gave one (extended
 * ack).
 */
public final class RtnetlinkException extends ErrnoException {
    private static final long serialVersionUID = 1L;

    private final String explanation;

    RtnetlinkException(String operation, int errno, String explanation) {
        super(operation, errno, explanation);
        this.explanation = explanation;
    }

    /** The kernel's words, or the empty string. */
    public String explanation() {
        return explanation;
    }
}

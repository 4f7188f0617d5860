package dev.culvert.tun.gro;

import java.lang.foreign.MemorySegment;

/** Takes one packet (or super-packet) for the TUN. A lambda over writev(2) is one. */
@FunctionalInterface
public interface TunWriter {
    /**
     * Writes {@code count} iovecs (struct iovec: address, length) as one packet. The memory they
     * point to is the caller's again when this returns.
     *
     * @return bytes written, or a negative errno
     */
    int writev(MemorySegment iovecs, int count);
}

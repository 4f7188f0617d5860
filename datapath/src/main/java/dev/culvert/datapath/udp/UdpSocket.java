package dev.culvert.datapath.udp;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * One bound, non-blocking UDP socket. Its descriptor is closed when the opener and every thread
 * that acquired it have let go, so no thread ever sends on a descriptor number that has been given
 * to something else.
 */
public final class UdpSocket implements AutoCloseable {
    private final int fd;
    private final boolean ipv6;
    private final IntConsumer closer;

    /** The opener's reference and one per user; 0: the descriptor is closed. */
    private final AtomicInteger references = new AtomicInteger(1);

    /**
     * @param fd a bound UDP socket, from now on this object's
     * @param ipv6 AF_INET6 (V6ONLY) rather than AF_INET
     * @param closer closes the descriptor
     */
    UdpSocket(int fd, boolean ipv6, IntConsumer closer) {
        this.fd = fd;
        this.ipv6 = ipv6;
        this.closer = closer;
    }

    /** The descriptor; valid between {@link #acquire} and {@link #release} only. */
    public int fd() {
        return fd;
    }

    public boolean ipv6() {
        return ipv6;
    }

    /** Takes a reference (once per batch, not per packet). False: closed, do not use it. */
    public boolean acquire() {
        int held = references.get();
        while (held > 0) {
            if (references.compareAndSet(held, held + 1)) {
                return true;
            }
            held = references.get();
        }
        return false;
    }

    /** Gives a reference back; the last one closes the descriptor. */
    public void release() {
        if (references.decrementAndGet() == 0) {
            closer.accept(fd);
        }
    }

    /** Gives the opener's reference back. Called once. */
    @Override
    public void close() {
        release();
    }
}

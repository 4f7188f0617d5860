package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Libc;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One bound, non-blocking UDP socket. Its descriptor is closed when the opener and every thread
 * that acquired it have let go, so no thread ever sends on a descriptor number that has been given
 * to something else.
 */
public final class UdpSocket implements AutoCloseable {
    private final int fd;
    private final boolean ipv6;

    /** The opener's reference and one per user; 0: the descriptor is closed. */
    private final AtomicInteger references = new AtomicInteger(1);

    private volatile boolean segmentation;

    /**
     * @param fd a bound UDP socket, from now on this object's
     * @param ipv6 AF_INET6 (V6ONLY) rather than AF_INET
     * @param segmentation whether sends may use UDP_SEGMENT
     */
    UdpSocket(int fd, boolean ipv6, boolean segmentation) {
        this.fd = fd;
        this.ipv6 = ipv6;
        this.segmentation = segmentation;
    }

    /** The descriptor; valid between {@link #acquire} and {@link #release} only. */
    public int fd() {
        return fd;
    }

    public boolean ipv6() {
        return ipv6;
    }

    /**
     * Whether sends may use UDP_SEGMENT: not switched off, and not refused by the kernel so far.
     */
    public boolean segmentation() {
        return segmentation;
    }

    /** The kernel refused UDP_SEGMENT for this socket's traffic: send one by one from now on. */
    void refuseSegmentation() {
        segmentation = false;
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
            Libc.close(fd);
        }
    }

    /** Gives the opener's reference back. Called once. */
    @Override
    public void close() {
        release();
    }
}

package dev.culvert.datapath.io.syscalls;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;

/** An eventfd that ends another thread's poll(2). */
final class Wakeup implements AutoCloseable {
    private final int fd;

    Wakeup() {
        fd = Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("eventfd: " + Errno.text(fd));
        }
    }

    int fd() {
        return fd;
    }

    /** From any thread. */
    void signal() {
        Libc.eventfdSignal(fd);
    }

    /** From the waiting thread, after poll(2) said that the descriptor is readable. */
    void drain() {
        Libc.eventfdDrain(fd);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}

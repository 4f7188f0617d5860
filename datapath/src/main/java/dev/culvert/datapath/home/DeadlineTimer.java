package dev.culvert.datapath.home;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;

/** A timerfd of CLOCK_BOOTTIME for the engine's next deadline. Home thread. */
final class DeadlineTimer implements AutoCloseable {
    private static final long NONE = Long.MAX_VALUE;

    private final int fd;
    private long armedNs = NONE;

    DeadlineTimer() {
        fd = Libc.timerfdCreate(Libc.CLOCK_BOOTTIME, Libc.TFD_NONBLOCK | Libc.TFD_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("timerfd: " + Errno.text(fd));
        }
    }

    int fd() {
        return fd;
    }

    /** Expires at {@code deadlineNs}; {@link Long#MAX_VALUE}: never. */
    void arm(long deadlineNs) {
        if (deadlineNs == armedNs) {
            return;
        }
        armedNs = deadlineNs;
        // 0 would disarm it.
        Libc.timerfdSettimeAbsolute(fd, deadlineNs == NONE ? 0 : Math.max(deadlineNs, 1));
    }

    /** It has expired: forget that. */
    void expired() {
        Libc.eventfdDrain(fd);
        armedNs = NONE;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}

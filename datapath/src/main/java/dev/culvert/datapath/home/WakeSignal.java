package dev.culvert.datapath.home;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.device.Wakeup;
import java.util.concurrent.atomic.AtomicBoolean;

/** Wakes the home thread. Signals that it has not seen yet cost no system call. */
public final class WakeSignal implements Wakeup, AutoCloseable {
    private final int fd;
    private final AtomicBoolean pending = new AtomicBoolean();

    /** Opens an eventfd. */
    public WakeSignal() {
        fd = Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("eventfd: " + Errno.text(fd));
        }
    }

    @Override
    public void wake() {
        if (!pending.getAndSet(true)) {
            Libc.eventfdSignal(fd);
        }
    }

    int fd() {
        return fd;
    }

    /**
     * Takes the signals so far. What was done before a {@link #wake} is visible after this. Home
     * thread, before it looks for work.
     */
    void take() {
        Libc.eventfdDrain(fd);
        // Read and write in one: pairs with the write of a waker whose signal is still under way.
        pending.getAndSet(false);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}

package dev.culvert.tun;

import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.NotificationListener;
import dev.culvert.tun.rtnetlink.Notifications;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.sys.ThreadEnd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Follows a TUN device: up, down, MTU, deletion; and addresses and routes around the UDP sockets.
 * Owns one thread, {@code tun-monitor}, on which the listener is called. Home is the network
 * namespace of the thread that starts it.
 *
 * <p>While the device is at home, everything comes by notification. When it has been moved into
 * another namespace, the kernel numbers that namespace at home, and the state there is asked for
 * once a second by that number, which keeps nothing alive; with CAP_NET_BROADCAST its notifications
 * come too. (A zero-length write that fails with EIO when the link is down, as others probe, is
 * answered with EINVAL in either state by current kernels.)
 */
public final class TunMonitor implements AutoCloseable {
    private static final int AWAY_PERIOD_MS = 1000;
    private static final int RETRY_MS = 50;
    private static final int FOR_EVER = -1;

    private final TunDevice device;
    private final TunListener listener;
    private final Notifications notifications;
    private final Rtnetlink rtnetlink;
    private final Heard heard = new Heard();
    private final int wakeFd;
    private final Thread thread;
    private volatile boolean closing;

    // Owned by the thread.
    private int namespaceId = TunLocation.HOME;
    private int linkIndex;
    private boolean up;
    private boolean deleted;
    private boolean lookAgain;
    private boolean routesChanged;
    private boolean observable = true;
    private int timeoutMs = FOR_EVER;

    private TunMonitor(
            TunDevice device,
            TunListener listener,
            Notifications notifications,
            Rtnetlink rtnetlink,
            int wakeFd) {
        this.device = device;
        this.listener = listener;
        this.notifications = notifications;
        this.rtnetlink = rtnetlink;
        this.wakeFd = wakeFd;
        linkIndex = device.linkIndex();
        thread = Thread.ofPlatform().daemon().name("tun-monitor").unstarted(this::run);
    }

    /** Starts following; a link that is up already is announced. */
    public static TunMonitor start(TunDevice device, TunListener listener) throws ErrnoException {
        Notifications notifications = Notifications.open();
        Rtnetlink rtnetlink;
        try {
            rtnetlink = Rtnetlink.open();
        } catch (ErrnoException failed) {
            notifications.close();
            throw failed;
        }
        int wakeFd = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        if (wakeFd < 0) {
            notifications.close();
            rtnetlink.close();
            throw new ErrnoException("eventfd", wakeFd);
        }
        TunMonitor monitor = new TunMonitor(device, listener, notifications, rtnetlink, wakeFd);
        // The new thread inherits the caller's network namespace.
        monitor.thread.start();
        return monitor;
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfds = arena.allocate(2 * PollFd.SIZE_BYTES, 8);
            PollFd.set(pollfds, 0, 0, wakeFd, PollFd.POLLIN);
            PollFd.set(pollfds, 0, 1, notifications.fd(), PollFd.POLLIN);
            lookAgain = true;
            while (!closing) {
                step();
                if (deleted) {
                    listener.deleted();
                    return;
                }
                if (closing) {
                    return;
                }
                Libc.poll(pollfds, 0, 2, timeoutMs);
                lookAgain |= timeoutMs != FOR_EVER;
            }
        } finally {
            notifications.close();
            rtnetlink.close();
        }
    }

    private void step() {
        try {
            notifications.drain(heard);
            if (lookAgain) {
                lookAgain = false;
                look();
            }
            observable = true;
        } catch (ErrnoException failed) {
            timeoutMs = AWAY_PERIOD_MS;
            if (failed.errno() == Errno.EBADFD) {
                deleted = true;
            } else if (observable) {
                observable = false;
                listener.unobservable(failed);
            }
        }
        if (routesChanged) {
            routesChanged = false;
            listener.routesChanged();
        }
    }

    private final class Heard implements NotificationListener {
        @Override
        public void linkChanged(Link link, int inNamespace) {
            if (isOurs(link, inNamespace)) {
                publish(link);
            }
        }

        @Override
        public void linkGone(Link link, int inNamespace) {
            lookAgain |= isOurs(link, inNamespace);
        }

        @Override
        public void routesChanged() {
            routesChanged = true;
        }

        @Override
        public void overflowed() {
            lookAgain = true;
            routesChanged = true;
        }
    }

    private boolean isOurs(Link link, int inNamespace) {
        return link.index() == linkIndex && inNamespace == namespaceId;
    }

    private void look() throws ErrnoException {
        TunLocation.Sight sight = TunLocation.look(device.fd(), rtnetlink);
        if (sight == null) {
            // On its way, or where we may not ask.
            timeoutMs = Math.clamp(2L * timeoutMs, RETRY_MS, AWAY_PERIOD_MS);
            return;
        }
        if (sight.namespaceId() != namespaceId) {
            // Refused, the state is still asked for once a second.
            boolean _ = notifications.listenToOtherNamespaces(!sight.home());
            namespaceId = sight.namespaceId();
            // What changed before we listened.
            lookAgain = true;
        }
        linkIndex = sight.link().index();
        timeoutMs = lookAgain ? 0 : sight.home() ? FOR_EVER : AWAY_PERIOD_MS;
        publish(sight.link());
    }

    private void publish(Link link) {
        if (link.mtu() != device.mtu()) {
            device.setMtu(link.mtu());
            listener.mtu(link.mtu());
        }
        if (link.up() != up) {
            up = link.up();
            if (up) {
                listener.up();
            } else {
                listener.down();
            }
        }
    }

    /**
     * Waits for the listener to return, unless the listener itself closes. To be called before the
     * device is closed.
     */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        Libc.eventfdSignal(wakeFd);
        if (!Thread.currentThread().equals(thread)) {
            ThreadEnd.await(thread);
        }
        Libc.close(wakeFd);
    }
}

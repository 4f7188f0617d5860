package dev.culvert.app.sidecar;

import dev.culvert.tun.rtnetlink.Announcements;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the main loop wakes up for: requests, and changes in the network namespace. {@link #ring} is
 * any thread's, the rest is the main loop's.
 */
final class Wakeups implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Wakeups.class);

    /** With announcements; one that is lost leaves an error behind, which announces, too. */
    private static final long SELDOM_NS = 120_000_000_000L;

    private static final long NS_PER_MS = 1_000_000L;

    /** One kind of announcements. */
    @FunctionalInterface
    interface Subscription {
        Announcements open() throws ErrnoException;
    }

    private final int bellFd;
    private final List<Announcements> announcements;
    private final LookSchedule schedule;
    private final Arena arena = Arena.ofShared();

    /** The bell, then the announcements. */
    private final MemorySegment pollfds;

    private boolean closed;

    private Wakeups(int bellFd, List<Announcements> announcements, LookSchedule schedule) {
        this.bellFd = bellFd;
        this.announcements = announcements;
        this.schedule = schedule;
        pollfds = arena.allocate((1 + announcements.size()) * PollFd.SIZE_BYTES, 8);
        PollFd.set(pollfds, 0, 0, bellFd, PollFd.POLLIN);
        for (int i = 0; i < announcements.size(); i++) {
            PollFd.set(pollfds, 0, 1 + i, announcements.get(i).fd(), PollFd.POLLIN);
        }
    }

    /** In the network namespace of the calling thread. */
    static Wakeups open() throws ErrnoException {
        return open(List.of(Announcements::ofNetwork, Announcements::ofNftables));
    }

    /** What cannot be subscribed to is looked at often instead. */
    static Wakeups open(List<Subscription> subscriptions) throws ErrnoException {
        int bellFd =
                ErrnoException.check(
                        "eventfd",
                        Libc.eventfd(0, Libc.EFD_SEMAPHORE | Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
        List<Announcements> opened = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            try {
                opened.add(subscription.open());
            } catch (ErrnoException refused) {
                log.debug("changes are not announced: {}", refused.getMessage());
            }
        }
        boolean all = opened.size() == subscriptions.size();
        return new Wakeups(
                bellFd,
                List.copyOf(opened),
                new LookSchedule(all ? SELDOM_NS : LookSchedule.INTERVAL_NS, System.nanoTime()));
    }

    /** Ends one {@link #await}. */
    synchronized void ring() {
        if (!closed) {
            Libc.eventfdSignal(bellFd);
        }
    }

    /** Waits for the bell, for the time to look, or for the timeout. */
    void await(int timeoutMs) {
        long waitNs = Math.min(timeoutMs * NS_PER_MS, schedule.waitNs(System.nanoTime()));
        // Whoever changes things all the time shall not wake it all the time.
        int listened = schedule.isAnnounced() ? 0 : announcements.size();
        int ready =
                Libc.poll(
                        pollfds,
                        0,
                        1 + listened,
                        (int) Math.ceilDiv(Math.max(0, waitNs), NS_PER_MS));
        if (ready <= 0) {
            return;
        }
        if (PollFd.returnedEvents(pollfds, 0, 0) != 0) {
            Libc.eventfdDrain(bellFd);
        }
        for (int i = 0; i < listened; i++) {
            if (PollFd.returnedEvents(pollfds, 0, 1 + i) != 0) {
                lookSoon();
            }
        }
    }

    /** As if something had been announced. */
    void lookSoon() {
        schedule.announce(System.nanoTime());
    }

    /** True: a look is to be taken now. What is announced from now on leads to another one. */
    boolean takeLook() {
        long nowNs = System.nanoTime();
        if (schedule.waitNs(nowNs) > 0) {
            return false;
        }
        announcements.forEach(Announcements::drain);
        schedule.look(nowNs);
        return true;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Libc.close(bellFd);
        announcements.forEach(Announcements::close);
        arena.close();
    }
}

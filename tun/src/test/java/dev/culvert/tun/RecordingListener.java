package dev.culvert.tun;

import dev.culvert.tun.sys.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what it is told, in words. */
final class RecordingListener implements TunListener {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @Override
    public void up() {
        told.add("up");
    }

    @Override
    public void down() {
        told.add("down");
    }

    @Override
    public void mtu(int mtu) {
        told.add("mtu " + mtu);
    }

    @Override
    public void deleted() {
        told.add("deleted");
    }

    @Override
    public void routesChanged() {
        told.add("routes changed");
    }

    @Override
    public void unobservable(ErrnoException why) {
        told.add("unobservable: " + why.getMessage());
    }

    /** The next news other than of routes, within ten seconds. */
    String next() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            String news = told.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (news == null) {
                throw new AssertionError("no news, only " + seen);
            }
            if (!news.equals("routes changed")) {
                return news;
            }
            seen.add(news);
        }
    }

    /** Waits for news of routes, whatever else comes. */
    void awaitRoutesChanged() throws InterruptedException {
        while (true) {
            String news = told.poll(10, TimeUnit.SECONDS);
            if (news == null) {
                throw new AssertionError("no news of routes");
            }
            if (news.equals("routes changed")) {
                return;
            }
        }
    }

    void forget() {
        told.clear();
    }

    boolean hasNone() {
        return told.stream().allMatch(news -> news.equals("routes changed"));
    }
}

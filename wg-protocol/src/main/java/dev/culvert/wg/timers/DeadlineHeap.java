package dev.culvert.wg.timers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of timers, the earliest deadline on top. A timer knows its place, so that moving
 * and cancelling cost O(log n), and the heap holds nothing that is not armed.
 *
 * @param <O> owner of the timers
 */
public final class DeadlineHeap<O> {
    private final List<Timer<O>> timers = new ArrayList<>();

    /** An empty heap. */
    public DeadlineHeap() {}

    /** Arms a timer, or moves it when it is armed. */
    public void schedule(Timer<O> timer, long deadlineNs) {
        timer.setDeadlineNs(deadlineNs);
        if (!timer.isArmed()) {
            timer.position = timers.size();
            timers.add(timer);
        }
        siftUp(timer);
        siftDown(timer);
    }

    /** Makes a timer idle; nothing happens when it is. */
    public void cancel(Timer<O> timer) {
        int hole = timer.position;
        if (hole == Timer.IDLE) {
            return;
        }
        timer.position = Timer.IDLE;
        Timer<O> last = timers.removeLast();
        if (last != timer) {
            put(last, hole);
            siftUp(last);
            siftDown(last);
        }
    }

    /**
     * Takes the earliest timer when its deadline has come; it is idle then.
     *
     * @return null when none has expired
     */
    public @Nullable Timer<O> pollExpired(long nowNs) {
        if (timers.isEmpty()) {
            return null;
        }
        Timer<O> top = timers.getFirst();
        if (nowNs - top.deadlineNs() < 0) {
            return null;
        }
        cancel(top);
        return top;
    }

    /** The earliest deadline; {@link Long#MAX_VALUE}: there is none. */
    public long nextDeadlineNs() {
        return timers.isEmpty() ? Long.MAX_VALUE : timers.getFirst().deadlineNs();
    }

    /** Timers that are armed. */
    public int size() {
        return timers.size();
    }

    private void siftUp(Timer<O> timer) {
        while (timer.position > 0) {
            Timer<O> parent = timers.get((timer.position - 1) / 2);
            if (!timer.isBefore(parent)) {
                return;
            }
            swap(timer, parent);
        }
    }

    private void siftDown(Timer<O> timer) {
        while (true) {
            int child = 2 * timer.position + 1;
            if (child >= timers.size()) {
                return;
            }
            Timer<O> least = timers.get(child);
            if (child + 1 < timers.size() && timers.get(child + 1).isBefore(least)) {
                least = timers.get(child + 1);
            }
            if (!least.isBefore(timer)) {
                return;
            }
            swap(timer, least);
        }
    }

    private void swap(Timer<O> a, Timer<O> b) {
        int position = a.position;
        put(a, b.position);
        put(b, position);
    }

    private void put(Timer<O> timer, int position) {
        timers.set(position, timer);
        timer.position = position;
    }
}

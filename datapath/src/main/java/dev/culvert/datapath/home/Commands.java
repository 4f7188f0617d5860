package dev.culvert.datapath.home;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** What other threads want the home thread to do. */
final class Commands {
    private final ConcurrentLinkedQueue<FutureTask<?>> queue = new ConcurrentLinkedQueue<>();
    private final WakeSignal wake;
    private volatile @Nullable Thread home;
    private volatile boolean closed;

    Commands(WakeSignal wake) {
        this.wake = wake;
    }

    /** The calling thread is the home thread from now on. */
    void adopt() {
        home = Thread.currentThread();
    }

    /**
     * Runs a command on the home thread and waits for its result; at once when this is that thread.
     * One per waiting thread: that bounds the queue.
     *
     * @throws IllegalStateException when the loop has ended
     */
    <T> T call(Callable<T> command) {
        FutureTask<T> task = new FutureTask<>(command);
        if (Thread.currentThread().equals(home)) {
            task.run();
        } else {
            queue.add(task);
            wake.wake();
            if (closed) {
                cancelAll();
            }
        }
        return await(task);
    }

    private static <T> T await(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (CancellationException e) {
            throw new IllegalStateException("the tunnel is closed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException bug) {
                throw bug;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs what was queued. Home thread. */
    void run() {
        for (FutureTask<?> task = queue.poll(); task != null; task = queue.poll()) {
            task.run();
        }
    }

    /** Ends it: what waits and what comes is refused. */
    void close() {
        closed = true;
        cancelAll();
    }

    private void cancelAll() {
        for (FutureTask<?> task = queue.poll(); task != null; task = queue.poll()) {
            task.cancel(false);
        }
    }
}

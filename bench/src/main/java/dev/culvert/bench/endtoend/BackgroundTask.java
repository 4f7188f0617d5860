package dev.culvert.bench.endtoend;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Something that goes on meanwhile. Closing it waits for its end. */
final class BackgroundTask implements AutoCloseable {
    private final FutureTask<?> task;

    BackgroundTask(Callable<?> work) {
        task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
    }

    void await() throws IOException, InterruptedException {
        try {
            task.get();
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        }
    }

    /** For work that has no end of its own: it has failed if it is done. */
    void failIfDone() throws IOException {
        if (task.isDone()) {
            throw new IOException("ended early: " + task.exceptionNow());
        }
    }

    @Override
    public void close() {
        boolean interrupted = false;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException failed) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

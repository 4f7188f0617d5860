package dev.culvert.app.tunnel;

import java.util.concurrent.CompletableFuture;

/** Why the process ends: the first reason counts. Any thread. */
public final class Ending {
    private final CompletableFuture<Integer> exitStatus = new CompletableFuture<>();

    /** Nothing has ended yet. */
    public Ending() {}

    /** Asks for the end; later requests change nothing. */
    public void request(int status) {
        exitStatus.complete(status);
    }

    /** Whether somebody has asked. */
    public boolean isRequested() {
        return exitStatus.isDone();
    }

    /** Waits for the request; its exit status. */
    public int await() {
        return exitStatus.join();
    }
}

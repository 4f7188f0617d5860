package dev.culvert.app.sidecar;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.connection.ConnectionException;
import dev.culvert.app.relay.Connections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What any thread wants from the one that owns the tunnels, a bounded number at a time. */
final class Requests {
    private static final int MAX_WAITING = 16;
    private static final int REPLY_TIMEOUT_S = 60;

    private final LinkedBlockingQueue<Request> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Runnable onArrival;

    enum Kind {
        STATUS,
        RELOAD,
        TASK,
        STOP
    }

    /**
     * One of them.
     *
     * @param reply is to be completed, but for a stop
     */
    record Request(Kind kind, Task task, CompletableFuture<Sidecar.Reply> reply) {}

    /** Something to be done with the tunnels that are open. */
    @FunctionalInterface
    interface Task {
        void run(Connections present) throws ConfigException, ConnectionException;
    }

    /**
     * @param onArrival is called by the thread that asks, after the request is there
     */
    Requests(Runnable onArrival) {
        this.onArrival = onArrival;
    }

    Sidecar.Reply status() {
        return ask(Kind.STATUS, Connections::look);
    }

    Sidecar.Reply reload() {
        return ask(Kind.RELOAD, Connections::look);
    }

    Sidecar.Reply perform(Task task) {
        return ask(Kind.TASK, task);
    }

    private Sidecar.Reply ask(Kind kind, Task task) {
        CompletableFuture<Sidecar.Reply> reply = new CompletableFuture<>();
        if (!waiting.offer(new Request(kind, task, reply))) {
            throw new IllegalStateException("too many requests");
        }
        onArrival.run();
        return reply.orTimeout(REPLY_TIMEOUT_S, TimeUnit.SECONDS).join();
    }

    /** Asks for the end, and does not wait. */
    void stop() {
        waiting.offer(new Request(Kind.STOP, Connections::look, new CompletableFuture<>()));
        onArrival.run();
    }

    /** The next one; null: there is none. */
    @Nullable Request poll() {
        return waiting.poll();
    }
}

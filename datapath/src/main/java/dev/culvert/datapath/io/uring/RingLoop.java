package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.scheduling.BatchScheduling;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.tun.sys.ThreadEnd;
import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop: a ring and the one thread that submits to it. Each turn takes the completions that
 * are there (waiting for the first), calls the handles, and then tells the directions that there is
 * nothing more for now: Netty has no event for the end of a batch.
 */
final class RingLoop extends SingleThreadIoEventLoop {
    /** A direction's part in its loop. Called by the loop's thread. */
    interface Direction {
        /** The completions of this turn have been handed out. */
        void onTurnEnd();

        /** The ring failed, the loop ends: nothing will be received any more. */
        void onLoopFailure();
    }

    /**
     * Entries of the submission queue. A turn submits at most, per descriptor, two runs of buffers,
     * a receive and a cancellation; a fuller queue is flushed by an extra system call, not lost.
     */
    private static final int SUBMISSIONS = 32;

    /** Entries of the completion queue; more completions are kept back by the kernel, not lost. */
    private static final int COMPLETIONS = 128;

    private static final long STOP_TIMEOUT_S = 5;

    private final Direction[] directions;
    private final BatchScheduling scheduling;

    /** Null: it has not begun. */
    private volatile @Nullable Thread thread;

    /**
     * @param directions in the order in which their batches end
     */
    RingLoop(String threadName, BulkLoad load, Direction... directions) {
        super(
                null,
                (ThreadFactory)
                        task -> Thread.ofPlatform().name(threadName).daemon().unstarted(task),
                IoUringIoHandler.newFactory(
                        new IoUringIoHandlerConfig()
                                .setRingSize(SUBMISSIONS)
                                .setCqSize(COMPLETIONS)));
        this.directions = directions;
        scheduling = new BatchScheduling(load);
    }

    @Override
    protected void run() {
        thread = Thread.currentThread();
        try {
            super.run();
        } catch (RuntimeException | Error e) {
            for (Direction direction : directions) {
                direction.onLoopFailure();
            }
            throw e;
        }
    }

    /**
     * Never: nothing is scheduled here. Netty's own answer is a second from now, and costs a
     * timeout entry, its completion and a kernel timer each time the loop waits.
     */
    @Override
    protected long deadlineNanos() {
        return -1;
    }

    @Override
    protected int runIo() {
        int completions = super.runIo();
        for (Direction direction : directions) {
            direction.onTurnEnd();
        }
        scheduling.adapt();
        return completions;
    }

    /** Makes the handle known to the ring. Called by the loop's thread, so there is no waiting. */
    IoRegistration registered(Receiver receiver) {
        Future<IoRegistration> registration = register(receiver);
        if (!registration.isSuccess()) {
            throw new IllegalStateException("io_uring loop", registration.cause());
        }
        return registration.getNow();
    }

    /** Runs this in the loop's thread soon. False: the loop has ended. */
    boolean tell(Runnable command) {
        try {
            execute(command);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    /** Ends the thread and the ring. On return the kernel holds no buffer any more. */
    void stop() {
        // Without quiet period: nothing is waited for but the requests that are under way.
        Future<?> end = shutdownGracefully(0, STOP_TIMEOUT_S, TimeUnit.SECONDS);
        if (!end.awaitUninterruptibly(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException("an io_uring loop does not end");
        }
        // Netty says so a moment before the thread has ended.
        Thread last = thread;
        if (last != null) {
            ThreadEnd.await(last);
        }
    }
}

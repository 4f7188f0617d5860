package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.BugLog;
import dev.culvert.tun.sys.Errno;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One receive request on one descriptor, kept under way. The kernel ends a multishot request when
 * the group has no buffer left (ENOBUFS) or on an error; it is submitted again at the end of the
 * turn, behind the entries that provide the buffers. Everything here but {@link #awaitEnd} is
 * called by the loop's thread.
 */
abstract sealed class Receiver implements IoUringIoHandle permits TunReceiver, UdpReceiver {
    /** Buffers are given back in twos or more: an entry and a completion for both. */
    private static final int PROVIDE_AT = BufferGroup.BUFFERS / 2;

    /** What the end of a file is reported as: no packet device has one. */
    private static final int END_OF_FILE = Errno.EIO;

    /** Errors in a row after which the loop waits before it tries again. */
    private static final int PATIENCE = 8;

    /** Errors in a row, none of them fatal by its name, that are taken for fatal. */
    private static final int MAX_ERRORS_IN_A_ROW = 1000;

    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    final BufferGroup buffers;
    final BugLog bugs = new BugLog();
    private final CountDownLatch end = new CountDownLatch(1);
    private @Nullable IoRegistration registration;
    private @Nullable IoUringIoOps request;

    /** What Netty calls the request under way; the same at each submission. */
    private long submission;

    private boolean underWay;

    /** From {@link #pause} to {@link #resume}. */
    private boolean pausing;

    private boolean stopping;
    private boolean ended;
    private boolean received;
    private int errorsInARow;

    Receiver(BufferGroup buffers) {
        this.buffers = buffers;
    }

    /** The request that is kept under way. Asked again after {@link #retriesAfter}. */
    abstract IoUringIoOps newRequest();

    /**
     * A completion with bytes.
     *
     * @param result bytes that the kernel wrote, more than 0
     * @param buffer that it wrote to
     */
    abstract void onReceived(int result, int buffer);

    /** Whether to submit {@link #newRequest} again after this error. If not, it is reported. */
    abstract boolean retriesAfter(int errno);

    /** The error ended the receiving: tells the listener. */
    abstract void report(int errno);

    /** Submits the first request. */
    final void begin(IoRegistration registration) {
        this.registration = registration;
        keepUnderWay();
    }

    @Override
    public final void handle(IoRegistration ignored, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        int result = completion.res();
        switch (completion.opcode()) {
            case Sqe.OP_PROVIDE_BUFFERS -> {
                if (result < 0) {
                    fail(-result);
                }
            }
            case Sqe.OP_ASYNC_CANCEL -> {
                // The request itself completes with ECANCELED, or has completed before.
            }
            default -> onReceiveCompletion(result, completion.flags());
        }
    }

    private void onReceiveCompletion(int result, int flags) {
        if ((flags & Sqe.CQE_MORE) == 0) {
            underWay = false;
        }
        int buffer = 0;
        if ((flags & Sqe.CQE_BUFFER) != 0) {
            buffer = flags >>> Sqe.CQE_BUFFER_SHIFT;
            buffers.take(buffer);
        }
        if (result > 0) {
            errorsInARow = 0;
            received = true;
            handOn(result, buffer);
        } else if (!stopping
                && !pausing
                && !(result == -Errno.ENOBUFS && buffers.takenCount() > 0)) {
            onError(result == 0 ? END_OF_FILE : -result);
        }
    }

    /** Netty would lose count of its completions if a duty's exception came through. */
    private void handOn(int result, int buffer) {
        try {
            onReceived(result, buffer);
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    private void onError(int errno) {
        errorsInARow++;
        if (!retriesAfter(errno) || errorsInARow >= MAX_ERRORS_IN_A_ROW) {
            fail(errno);
            return;
        }
        request = null;
        if (errorsInARow > PATIENCE) {
            LockSupport.parkNanos(RETRY_NS);
        }
    }

    private void fail(int errno) {
        if (!stopping) {
            stop();
            report(errno);
        }
    }

    /** Whether there was a receive since the last call. */
    final boolean takeReceived() {
        boolean was = received;
        received = false;
        return was;
    }

    /** The batch has ended: provides what it used, and submits the request again if it ended. */
    final void keepUnderWay() {
        IoRegistration registered = registration;
        if (stopping || pausing || registered == null) {
            return;
        }
        int taken = buffers.takenCount();
        if (taken >= PROVIDE_AT || (taken > 0 && !underWay)) {
            buffers.provideTaken(registered);
        }
        if (!underWay) {
            IoUringIoOps next = request;
            if (next == null) {
                next = newRequest();
                request = next;
            }
            submission = registered.submit(next);
            underWay = true;
        }
    }

    /**
     * Cancels the request until {@link #resume}; before {@link #begin}, there is none yet. What it
     * has still received is handed on as ever, before {@link #isPaused} becomes true. An error in
     * between is the next request's to meet.
     */
    final void pause() {
        if (stopping || pausing) {
            return;
        }
        pausing = true;
        IoRegistration registered = registration;
        if (underWay && registered != null) {
            registered.submit(Sqe.cancel(submission));
        }
    }

    /** No request is under way, nor will one be before {@link #resume}. */
    final boolean isPaused() {
        return pausing && !underWay && !stopping;
    }

    /** Submits the request again. */
    final void resume() {
        pausing = false;
        keepUnderWay();
    }

    /** Cancels the request. {@link #hasEnded} becomes true, at once or with a later completion. */
    final void stop() {
        IoRegistration registered = registration;
        if (stopping || registered == null) {
            return;
        }
        stopping = true;
        if (underWay) {
            registered.submit(Sqe.cancel(submission));
        }
        registered.cancel();
    }

    @Override
    public final void close() {
        stop();
    }

    @Override
    public final void unregistered() {
        ended = true;
    }

    /** No request of this receiver is known to the kernel any more. */
    final boolean hasEnded() {
        return ended;
    }

    /** The loop has let go of an ended receiver, and of the batch that it had a part in. */
    final void letGo() {
        end.countDown();
    }

    /** Waits until the loop has let go; for the home thread. False: not within the time. */
    final boolean awaitEnd(long timeoutNs) {
        boolean interrupted = false;
        try {
            long deadlineNs = System.nanoTime() + timeoutNs;
            while (true) {
                try {
                    return end.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

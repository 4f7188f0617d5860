package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.scheduling.BatchScheduling;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The outbound thread: while it is its turn, reads the TUN queue until it is empty, then waits. */
final class OutboundLoop implements Runnable, AutoCloseable {
    private static final int NO_FD = -1;

    private final TunReader tun;
    private final TunTurn turn;
    private final BulkLoad load;
    private final IoFailureListener failures;
    private final BatchScheduling scheduling;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pollFds = arena.allocate(2 * PollFd.SIZE_BYTES, 8);

    private volatile boolean stopped;

    OutboundLoop(TunReader tun, TunTurn turn, BulkLoad load, IoFailureListener failures) {
        this.tun = tun;
        this.turn = turn;
        this.load = load;
        this.failures = failures;
        scheduling = new BatchScheduling(load);
        PollFd.set(pollFds, 0, 0, turn.outboundWakeup().fd(), PollFd.POLLIN);
    }

    @Override
    public void run() {
        try {
            readUntilStopped();
        } catch (Throwable bug) {
            failures.onCrash(bug);
        }
    }

    private void readUntilStopped() {
        while (!stopped) {
            if (!turn.isOutbound()) {
                await(NO_FD);
                continue;
            }
            int result = tun.readBatch();
            scheduling.adapt();
            if (result == -Errno.EAGAIN) {
                if (load.isBulk()) {
                    await(tun.fd());
                } else {
                    turn.passToInbound();
                }
            } else if (result < 0 && result != -Errno.EINTR) {
                failures.onTunFailure(-result);
                return;
            }
        }
    }

    private void await(int tunFd) {
        PollFd.set(pollFds, 0, 1, tunFd, PollFd.POLLIN);
        Libc.poll(pollFds, 0, 2, -1);
        if (PollFd.returnedEvents(pollFds, 0, 0) != 0) {
            turn.outboundWakeup().drain();
        }
    }

    /** Ends {@link #run} soon. From any thread. */
    void stop() {
        stopped = true;
        turn.outboundWakeup().signal();
    }

    /** After {@link #run} has ended. */
    @Override
    public void close() {
        arena.close();
    }
}

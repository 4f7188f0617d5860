package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.BugLog;
import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.scheduling.BatchScheduling;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Iovec;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.MsgHdr;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The inbound thread: receives until the sockets or the buffers are exhausted, reads the TUN queue
 * if it is its turn, then waits.
 */
final class InboundLoop implements Runnable, AutoCloseable {
    /** Receives of one batch: few enough that a batch stays in the cache. */
    private static final int BUFFERS = 8;

    private static final int BUFFER_BYTES = 65536;
    private static final int MAX_SOCKETS = 2;

    // What is polled: the wake-up, the TUN, and the sockets.
    private static final int WAKEUP = 0;
    private static final int TUN = 1;
    private static final int FIRST_SOCKET = 2;

    /** Ignored by poll(2). */
    private static final int NO_FD = -1;

    /** Errors in a row on one socket after which each costs a pause. */
    private static final int ERRORS_BEFORE_PAUSE = 16;

    private static final long PAUSE_NS = 1_000_000;

    private record Change(List<UdpSocket> sockets, CountDownLatch done) {}

    private final InboundDuty duty;
    private final IoFailureListener failures;
    private final BugLog bugs = new BugLog();
    private final TunReader tun;
    private final TunTurn turn;
    private final BulkLoad load;
    private final BatchScheduling scheduling;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffers = arena.allocate((long) BUFFERS * BUFFER_BYTES, 4096);
    private final MemorySegment header = arena.allocate(MsgHdr.SIZE_BYTES, 8);
    private final MemorySegment iovec = arena.allocate(Iovec.SIZE_BYTES, 8);
    private final MemorySegment name = arena.allocate(ReceivedMessage.NAME_CAPACITY_BYTES, 8);
    private final MemorySegment control = arena.allocate(ReceivedMessage.CONTROL_CAPACITY_BYTES, 8);
    private final MemorySegment pollFds =
            arena.allocate((FIRST_SOCKET + MAX_SOCKETS) * PollFd.SIZE_BYTES, 8);
    private final ReceivedMessage meta = new ReceivedMessage();

    private final AtomicReference<@Nullable Change> requested = new AtomicReference<>();
    private final @Nullable UdpSocket[] sockets = new UdpSocket[MAX_SOCKETS];
    private final boolean[] readable = new boolean[MAX_SOCKETS];
    private final int[] errors = new int[MAX_SOCKETS];
    private int socketCount;
    private int buffersUsed;
    private boolean tunReadable;
    private boolean tunFailed;
    private volatile boolean stopped;
    private volatile boolean ended;

    InboundLoop(
            InboundDuty duty,
            TunReader tun,
            TunTurn turn,
            BulkLoad load,
            IoFailureListener failures) {
        this.duty = duty;
        this.tun = tun;
        this.turn = turn;
        this.load = load;
        scheduling = new BatchScheduling(load);
        this.failures = failures;
        MsgHdr.setName(header, 0, name.address(), ReceivedMessage.NAME_CAPACITY_BYTES);
        MsgHdr.setIovecs(header, 0, iovec.address(), 1);
        MsgHdr.setControl(header, 0, control.address(), ReceivedMessage.CONTROL_CAPACITY_BYTES);
        PollFd.set(pollFds, 0, WAKEUP, turn.inboundWakeup().fd(), PollFd.POLLIN);
    }

    @Override
    public void run() {
        try {
            receiveUntilStopped();
        } catch (Throwable bug) {
            failures.onCrash(bug);
        } finally {
            swap(new Change(List.of(), new CountDownLatch(1)));
            ended = true;
            Change last = requested.getAndSet(null);
            if (last != null) {
                last.done().countDown();
            }
        }
    }

    private void receiveUntilStopped() {
        while (!stopped) {
            Change change = requested.getAndSet(null);
            if (change != null) {
                swap(change);
            }
            boolean more = receiveBatch();
            if (!turn.isOutbound() && !tunFailed) {
                more |= readTun();
            }
            scheduling.adapt();
            if (!more) {
                await();
            }
        }
    }

    /** True: a socket may have more. */
    private boolean receiveBatch() {
        boolean more = false;
        buffersUsed = 0;
        for (int i = 0; i < socketCount; i++) {
            if (readable[i]) {
                // The second socket finds buffers free, however much the first one has to give.
                int limit = BUFFERS * (i + 1) / socketCount;
                readable[i] = receive(i, limit);
                more |= readable[i];
            }
        }
        if (buffersUsed > 0) {
            endBatch();
        }
        return more;
    }

    /** Receives from one socket until it has no more (false) or {@code limit} buffers are used. */
    private boolean receive(int index, int limit) {
        UdpSocket socket = sockets[index];
        if (socket == null) {
            return false;
        }
        while (buffersUsed < limit) {
            long offset = (long) buffersUsed * BUFFER_BYTES;
            Iovec.set(iovec, 0, 0, buffers.address() + offset, BUFFER_BYTES);
            MsgHdr.setNameLength(header, 0, ReceivedMessage.NAME_CAPACITY_BYTES);
            MsgHdr.setControlLength(header, 0, ReceivedMessage.CONTROL_CAPACITY_BYTES);
            int length = Libc.recvmsg(socket.fd(), header, 0, 0);
            if (length < 0) {
                if (length == -Errno.EAGAIN) {
                    return false;
                }
                if (length == -Errno.EINTR) {
                    continue;
                }
                failed(index, socket, -length);
                return false;
            }
            errors[index] = 0;
            buffersUsed++;
            meta.wrap(
                    name,
                    0,
                    MsgHdr.nameLength(header, 0),
                    control,
                    0,
                    (int) MsgHdr.controlLength(header, 0),
                    (MsgHdr.flags(header, 0) & SocketConstants.MSG_TRUNC) != 0);
            handOn(socket, offset, length);
        }
        return true;
    }

    /**
     * Reads the TUN if it may have something: poll(2) said so, or packets have been written to it,
     * which the kernel may have answered. True: there is more.
     */
    private boolean readTun() {
        if (!tunReadable && buffersUsed == 0) {
            return false;
        }
        int result = tun.readBatch();
        if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
            tunFailed = true;
            tunReadable = false;
            failures.onTunFailure(-result);
            return false;
        }
        tunReadable = result != -Errno.EAGAIN;
        if (load.isBulk()) {
            tunReadable = false;
            turn.passToOutbound();
        }
        return tunReadable;
    }

    private void handOn(UdpSocket socket, long offset, int length) {
        try {
            duty.onReceive(socket, buffers, offset, length, meta);
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    private void endBatch() {
        try {
            duty.onBatchEnd();
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    /**
     * Errors of the network are reported once by the kernel and then gone. Others, such as a lack
     * of memory, may stay for a while: then the thread must not spin.
     */
    private void failed(int index, UdpSocket socket, int errno) {
        errors[index]++;
        if (errno == Errno.EBADF || errno == Errno.ENOTSOCK || errno == Errno.EFAULT) {
            PollFd.set(pollFds, 0, FIRST_SOCKET + index, NO_FD, 0);
            failures.onUdpFailure(socket, errno);
        } else if (errors[index] > ERRORS_BEFORE_PAUSE) {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void await() {
        boolean watchesTun = !turn.isOutbound() && !tunFailed;
        PollFd.set(pollFds, 0, TUN, watchesTun ? tun.fd() : NO_FD, PollFd.POLLIN);
        Libc.poll(pollFds, 0, FIRST_SOCKET + socketCount, -1);
        if (PollFd.returnedEvents(pollFds, 0, WAKEUP) != 0) {
            turn.inboundWakeup().drain();
        }
        tunReadable = PollFd.returnedEvents(pollFds, 0, TUN) != 0;
        for (int i = 0; i < socketCount; i++) {
            readable[i] = PollFd.returnedEvents(pollFds, 0, FIRST_SOCKET + i) != 0;
        }
    }

    private void swap(Change change) {
        for (int i = 0; i < socketCount; i++) {
            UdpSocket socket = sockets[i];
            if (socket != null) {
                socket.release();
            }
            sockets[i] = null;
        }
        socketCount = 0;
        for (UdpSocket socket : change.sockets()) {
            if (socket.acquire()) {
                sockets[socketCount] = socket;
                readable[socketCount] = true;
                errors[socketCount] = 0;
                PollFd.set(pollFds, 0, FIRST_SOCKET + socketCount, socket.fd(), PollFd.POLLIN);
                socketCount++;
            }
        }
        change.done().countDown();
    }

    /** Replaces the sockets and waits until the loop has let go of the old ones. */
    void receiveFrom(List<UdpSocket> sockets) {
        if (sockets.size() > MAX_SOCKETS) {
            throw new IllegalArgumentException("at most " + MAX_SOCKETS + " sockets");
        }
        Change change = new Change(List.copyOf(sockets), new CountDownLatch(1));
        requested.set(change);
        if (ended && requested.compareAndSet(change, null)) {
            return;
        }
        turn.inboundWakeup().signal();
        boolean interrupted = false;
        while (true) {
            try {
                change.done().await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends {@link #run} soon. From any thread. */
    void stop() {
        stopped = true;
        turn.inboundWakeup().signal();
    }

    /** Frees the buffers. After {@link #run} has ended. */
    @Override
    public void close() {
        arena.close();
    }
}

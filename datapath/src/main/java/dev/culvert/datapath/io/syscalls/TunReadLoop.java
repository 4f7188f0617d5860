package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.BugLog;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The outbound thread: reads the TUN queue until it is empty, then waits. */
final class TunReadLoop implements Runnable, AutoCloseable {
    /** Reads after which held-back packets are sent even if the TUN has more. */
    private static final int BATCH_READS = 16;

    private static final int PACKET_CAPACITY_BYTES = 65536;

    private final int tunFd;
    private final OutboundDuty duty;
    private final IoFailureListener failures;
    private final BugLog bugs = new BugLog();
    private final Wakeup wakeup = new Wakeup();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buf;
    private final MemorySegment pollFds;

    /** 0 with IFF_VNET_HDR; else the room left for the header that stands in for it. */
    private final int missingHeaderBytes;

    private volatile boolean stopped;

    TunReadLoop(int tunFd, boolean vnetHeader, OutboundDuty duty, IoFailureListener failures) {
        this.tunFd = tunFd;
        this.duty = duty;
        this.failures = failures;
        missingHeaderBytes = vnetHeader ? 0 : VirtioNetHeader.BYTES;
        buf =
                arena.allocate(
                        VirtioNetHeader.BYTES
                                + PACKET_CAPACITY_BYTES
                                + OutboundDuty.TAIL_ROOM_BYTES,
                        64);
        pollFds = arena.allocate(2 * PollFd.SIZE_BYTES, 8);
        PollFd.set(pollFds, 0, 0, tunFd, PollFd.POLLIN);
        PollFd.set(pollFds, 0, 1, wakeup.fd(), PollFd.POLLIN);
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
            int result = readBatch();
            if (result == -Errno.EAGAIN) {
                Libc.poll(pollFds, 0, 2, -1);
            } else if (result < 0 && result != -Errno.EINTR) {
                failures.onTunFailure(-result);
                return;
            }
        }
    }

    /** Positive: there may be more; else the errno that ended the batch. */
    private int readBatch() {
        int capacity = (int) buf.byteSize() - OutboundDuty.TAIL_ROOM_BYTES - missingHeaderBytes;
        int result = 1;
        for (int i = 0; i < BATCH_READS; i++) {
            result = Libc.read(tunFd, buf, missingHeaderBytes, capacity);
            if (result <= 0) {
                break;
            }
            if (missingHeaderBytes != 0) {
                VirtioNetHeader.clear(buf, 0);
            }
            handOn(missingHeaderBytes + result);
        }
        endBatch();
        return result;
    }

    private void handOn(int length) {
        try {
            duty.onTunRead(buf, 0, length);
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

    /** Ends {@link #run} soon. From any thread. */
    void stop() {
        stopped = true;
        wakeup.signal();
    }

    /** Frees the buffers. After {@link #run} has ended. */
    @Override
    public void close() {
        arena.close();
        wakeup.close();
    }
}

package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.virtio.VirtioNetHeader;
import io.netty.channel.uring.IoUringIoOps;

/**
 * Reads the TUN queue of a shard by one of its two rings, while it is its turn: by the inbound ring
 * as long as there is little to do, as what the inbound thread has written to the TUN is often
 * answered by the kernel at once, and by the outbound ring while bulk data moves.
 *
 * <p>There is never more than one request: several that wait for the same queue are woken in no
 * certain order, and packets of a flow would overtake each other. So the turn passes when the
 * request has been cancelled, has ended, and what it had still read is sealed.
 */
final class TunReceiver extends Receiver implements RingLoop.Direction {
    /** The IP packet begins here in each buffer, at a cache line, whoever writes the header. */
    private static final int PACKET_OFFSET = 64;

    /** Longest read that leaves room behind it for the tail and the next buffer's head. */
    private static final int READ_LIMIT_BYTES =
            BufferGroup.STRIDE_BYTES - PACKET_OFFSET - OutboundDuty.TAIL_ROOM_BYTES;

    /** Of its buffers, in either ring. */
    static final short GROUP = 0;

    private final TunQueue queue;
    private final OutboundDuty duty;
    private final BulkLoad load;
    private final boolean whileBulk;
    private final Runnable passOn;
    private final IoFailureListener failures;
    private boolean multishot;
    private boolean hasTurn;

    /**
     * @param whileBulk whether it reads while {@code load} is bulk, or while it is not. Without
     *     load it begins
     * @param passOn has {@link #takeTurn} of the other ring's receiver called by its loop
     */
    TunReceiver(
            TunQueue queue,
            OutboundDuty duty,
            BulkLoad load,
            boolean whileBulk,
            Runnable passOn,
            IoFailureListener failures) {
        super(
                new BufferGroup(
                        GROUP,
                        queue.vnetHeader()
                                ? PACKET_OFFSET - VirtioNetHeader.BYTES
                                : PACKET_OFFSET));
        this.queue = queue;
        this.duty = duty;
        this.load = load;
        this.whileBulk = whileBulk;
        this.passOn = passOn;
        this.failures = failures;
        multishot = queue.multishot();
        hasTurn = !whileBulk;
        if (whileBulk) {
            pause();
        }
    }

    @Override
    IoUringIoOps newRequest() {
        if (multishot) {
            return Sqe.readMultishot(queue.fd(), buffers.group());
        }
        long address = buffers.memory().address() + buffers.offset(0);
        return Sqe.read(queue.fd(), address, READ_LIMIT_BYTES);
    }

    @Override
    void onReceived(int result, int buffer) {
        // A longer read filled the head room of the next buffer: the packet is not whole, and its
        // own length says so to the duty.
        int length = Math.min(result, READ_LIMIT_BYTES);
        long offset = buffers.offset(buffer);
        if (!queue.vnetHeader()) {
            offset -= VirtioNetHeader.BYTES;
            length += VirtioNetHeader.BYTES;
            VirtioNetHeader.clear(buffers.memory(), offset);
        }
        duty.onTunRead(buffers.memory(), offset, length);
    }

    @Override
    boolean retriesAfter(int errno) {
        return switch (errno) {
            case Errno.EINTR, Errno.EAGAIN, Errno.ENOMEM, Errno.ENOBUFS -> true;
            // What kernels without multishot reads say, and those whose TUN cannot be polled. A
            // plain read tells whether it was that or the device.
            case Errno.EINVAL, Errno.EBADFD, Errno.EOPNOTSUPP -> {
                boolean first = multishot;
                multishot = false;
                yield first;
            }
            default -> false;
        };
    }

    @Override
    void report(int errno) {
        failures.onTunFailure(errno);
    }

    /** The other ring's receiver has passed the turn to this one. */
    void takeTurn() {
        hasTurn = true;
        resume();
    }

    /** Ends the reading, also between turns of the loop. */
    void stopReading() {
        stop();
        if (hasEnded()) {
            letGo();
        }
    }

    @Override
    public void onTurnEnd() {
        if (takeReceived()) {
            endBatch();
        }
        if (load.isBulk() != whileBulk) {
            pause();
        }
        keepUnderWay();
        if (hasTurn && isPaused()) {
            hasTurn = false;
            passOn.run();
        }
        if (hasEnded()) {
            letGo();
        }
    }

    private void endBatch() {
        try {
            duty.onBatchEnd();
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    @Override
    public void onLoopFailure() {
        failures.onTunFailure(Errno.EIO);
    }
}

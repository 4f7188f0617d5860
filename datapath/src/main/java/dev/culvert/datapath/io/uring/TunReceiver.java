package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.virtio.VirtioNetHeader;
import io.netty.channel.uring.IoUringIoOps;

/**
 * Reads the TUN queue of a shard. There is never more than one request: several that wait for the
 * same queue are woken in no certain order, and packets of a flow would overtake each other.
 */
final class TunReceiver extends Receiver implements RingLoop.Direction {
    /** The IP packet begins here in each buffer, at a cache line, whoever writes the header. */
    private static final int PACKET_OFFSET = 64;

    /** Longest read that leaves room behind it for the tail and the next buffer's head. */
    private static final int READ_LIMIT_BYTES =
            BufferGroup.STRIDE_BYTES - PACKET_OFFSET - OutboundDuty.TAIL_ROOM_BYTES;

    private final int tunFd;
    private final boolean vnetHeader;
    private final OutboundDuty duty;
    private final IoFailureListener failures;
    private boolean multishot;

    /**
     * @param multishot false: only ever one read at a time, as on kernels before 6.7
     */
    TunReceiver(
            int tunFd,
            boolean vnetHeader,
            boolean multishot,
            OutboundDuty duty,
            IoFailureListener failures) {
        super(
                new BufferGroup(
                        (short) 0,
                        vnetHeader ? PACKET_OFFSET - VirtioNetHeader.BYTES : PACKET_OFFSET));
        this.tunFd = tunFd;
        this.vnetHeader = vnetHeader;
        this.multishot = multishot;
        this.duty = duty;
        this.failures = failures;
    }

    @Override
    IoUringIoOps newRequest() {
        if (multishot) {
            return Sqe.readMultishot(tunFd, buffers.group());
        }
        long address = buffers.memory().address() + buffers.offset(0);
        return Sqe.read(tunFd, address, READ_LIMIT_BYTES);
    }

    @Override
    void onReceived(int result, int buffer) {
        // A longer read filled the head room of the next buffer: the packet is not whole, and its
        // own length says so to the duty.
        int length = Math.min(result, READ_LIMIT_BYTES);
        long offset = buffers.offset(buffer);
        if (!vnetHeader) {
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

    /** Ends the reading, also between turns. */
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
        keepUnderWay();
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

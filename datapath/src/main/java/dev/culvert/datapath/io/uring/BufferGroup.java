package dev.culvert.datapath.io.uring;

import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoOps;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A few receive buffers side by side, provided to one ring under a group number
 * (IORING_OP_PROVIDE_BUFFERS). A buffer belongs to the kernel from {@link #provideTaken} until a
 * completion names it, and to the duty from then until its batch has ended. Owned by the thread of
 * the ring; the memory is freed only after the ring is gone.
 *
 * <p>A group outlives the descriptor that it serves: the kernel keeps the buffers that are provided
 * to it, and the next descriptor takes the group over as it is.
 */
final class BufferGroup implements AutoCloseable {
    /** More gain nothing: a batch of four 64 KiB runs is 2.5 ms of traffic at 1 Gbit/s. */
    static final int BUFFERS = 4;

    /**
     * From one buffer to the next: 64 KiB of payload, and on either side room for what stands in
     * front of and behind it. A multiple of the cache line.
     */
    static final int STRIDE_BYTES = 65536 + 1024;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int headRoomBytes;
    private final short group;

    /** By first buffer and count - 1: hands that run of buffers to the kernel in one entry. */
    private final IoUringIoOps[][] provide;

    /** Bit i: buffer i is not the kernel's. */
    private int taken = (1 << BUFFERS) - 1;

    /**
     * @param group number, unique within the ring
     * @param headRoomBytes of each buffer that the kernel leaves alone
     */
    BufferGroup(short group, int headRoomBytes) {
        this.group = group;
        this.headRoomBytes = headRoomBytes;
        memory = arena.allocate((long) BUFFERS * STRIDE_BYTES + headRoomBytes, 64);
        provide = new IoUringIoOps[BUFFERS][];
        for (int first = 0; first < BUFFERS; first++) {
            provide[first] = new IoUringIoOps[BUFFERS - first];
            for (int count = 1; count <= BUFFERS - first; count++) {
                long address = memory.address() + offset(first);
                provide[first][count - 1] =
                        Sqe.provideBuffers(group, first, count, address, STRIDE_BYTES);
            }
        }
    }

    short group() {
        return group;
    }

    /** All buffers; {@link #offset} finds one. */
    MemorySegment memory() {
        return memory;
    }

    /** Where the kernel begins to write in this buffer. */
    long offset(int buffer) {
        return headRoomBytes + (long) buffer * STRIDE_BYTES;
    }

    /** Notes that a completion has named this buffer. */
    void take(int buffer) {
        taken |= 1 << buffer;
    }

    int takenCount() {
        return Integer.bitCount(taken);
    }

    /** Provides all buffers that are not the kernel's, each adjoining run by one entry. */
    void provideTaken(IoRegistration registration) {
        int rest = taken;
        while (rest != 0) {
            int first = Integer.numberOfTrailingZeros(rest);
            int count = Integer.numberOfTrailingZeros(~(rest >>> first));
            registration.submit(provide[first][count - 1]);
            rest &= rest + (1 << first);
        }
        taken = 0;
    }

    @Override
    public void close() {
        arena.close();
    }
}

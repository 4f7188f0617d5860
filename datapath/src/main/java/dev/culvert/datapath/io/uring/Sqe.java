package dev.culvert.datapath.io.uring;

import io.netty.channel.uring.IoUringIoOps;

/**
 * The submission queue entries of this engine (struct io_uring_sqe, linux/io_uring.h). They are
 * built once per descriptor and submitted again and again: only the memory that they point to
 * changes.
 */
final class Sqe {
    static final byte OP_RECVMSG = 10;
    static final byte OP_ASYNC_CANCEL = 14;
    static final byte OP_READ = 22;
    static final byte OP_PROVIDE_BUFFERS = 31;

    /** Linux 6.7. */
    static final byte OP_READ_MULTISHOT = 49;

    /** Completion flag: further completions of the same submission follow. */
    static final int CQE_MORE = 1 << 1;

    /** Completion flag: the upper 16 bits name the provided buffer that was used. */
    static final int CQE_BUFFER = 1;

    /** Shift of the buffer's number in the completion flags. */
    static final int CQE_BUFFER_SHIFT = 16;

    private static final byte IOSQE_BUFFER_SELECT = 1 << 5;

    /** ioprio of a receive: Linux 6.0. */
    private static final short IORING_RECV_MULTISHOT = 1 << 1;

    private Sqe() {}

    /**
     * recvmsg(2) until it is cancelled or the group is empty; each receive fills one buffer, laid
     * out as {@link RecvmsgOut} says.
     *
     * @param msghdr address of a struct msghdr, of which only msg_namelen and msg_controllen count
     */
    static IoUringIoOps recvmsgMultishot(int fd, long msghdr, short group) {
        return entry(
                OP_RECVMSG, IOSQE_BUFFER_SELECT, IORING_RECV_MULTISHOT, fd, 0, msghdr, 1, group);
    }

    /** read(2) until it is cancelled or the group is empty; each read fills one buffer. */
    static IoUringIoOps readMultishot(int fd, short group) {
        return entry(OP_READ_MULTISHOT, IOSQE_BUFFER_SELECT, (short) 0, fd, 0, 0, 0, group);
    }

    /** One read(2) into the given memory. */
    static IoUringIoOps read(int fd, long address, int sizeBytes) {
        return entry(OP_READ, (byte) 0, (short) 0, fd, 0, address, sizeBytes, (short) 0);
    }

    /** Hands {@code count} adjoining buffers to the kernel, the first of them with this number. */
    static IoUringIoOps provideBuffers(
            short group, int firstBuffer, int count, long address, int sizeBytes) {
        return entry(
                OP_PROVIDE_BUFFERS,
                (byte) 0,
                (short) 0,
                count,
                firstBuffer,
                address,
                sizeBytes,
                group);
    }

    /**
     * Ends an earlier submission with ECANCELED.
     *
     * @param submission what IoRegistration.submit returned for it
     */
    static IoUringIoOps cancel(long submission) {
        return entry(OP_ASYNC_CANCEL, (byte) 0, (short) 0, -1, 0, submission, 0, (short) 0);
    }

    private static IoUringIoOps entry(
            byte opcode,
            byte flags,
            short ioprio,
            int fd,
            long offset,
            long address,
            int length,
            short group) {
        return new IoUringIoOps(
                opcode, flags, ioprio, fd, offset, address, length, 0, 0L, group, (short) 0, 0, 0L);
    }
}

package dev.culvert.datapath.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.culvert.datapath.udp.ReceivedMessage;
import java.lang.foreign.MemorySegment;

/**
 * What a multishot recvmsg leaves in a provided buffer (struct io_uring_recvmsg_out): the room for
 * the name and for the control messages is as large as the msghdr of the submission said, however
 * much of it is used.
 *
 * <pre>
 *   0        4           8           12     16            48               176
 *   +--------+-----------+-----------+------+-------------+----------------+---------
 *   |namelen |controllen |payloadlen |flags |name (32)    |control (128)   |payload ...
 *   +--------+-----------+-----------+------+-------------+----------------+---------
 * </pre>
 */
final class RecvmsgOut {
    static final int NAME_LENGTH_OFFSET = 0;
    static final int CONTROL_LENGTH_OFFSET = 4;
    static final int PAYLOAD_LENGTH_OFFSET = 8;
    static final int FLAGS_OFFSET = 12;
    static final int NAME_OFFSET = 16;
    static final int CONTROL_OFFSET = NAME_OFFSET + ReceivedMessage.NAME_CAPACITY_BYTES;
    static final int PAYLOAD_OFFSET = CONTROL_OFFSET + ReceivedMessage.CONTROL_CAPACITY_BYTES;

    private static final int MSG_TRUNC = 0x20;

    private RecvmsgOut() {}

    /**
     * Bytes of payload in the buffer, never more than the completion says were written.
     *
     * @param writtenBytes result of the completion, at least {@link #PAYLOAD_OFFSET}
     */
    static int payloadLength(MemorySegment buf, long offset, int writtenBytes) {
        int payloadLength = buf.get(JAVA_INT, offset + PAYLOAD_LENGTH_OFFSET);
        return Math.clamp(payloadLength, 0, writtenBytes - PAYLOAD_OFFSET);
    }

    /** Points the flyweight at the name and the control messages of this buffer. */
    static void wrap(ReceivedMessage message, MemorySegment buf, long offset) {
        int nameLength = buf.get(JAVA_INT, offset + NAME_LENGTH_OFFSET);
        int controlLength = buf.get(JAVA_INT, offset + CONTROL_LENGTH_OFFSET);
        message.wrap(
                buf,
                offset + NAME_OFFSET,
                Math.clamp(nameLength, 0, ReceivedMessage.NAME_CAPACITY_BYTES),
                buf,
                offset + CONTROL_OFFSET,
                Math.clamp(controlLength, 0, ReceivedMessage.CONTROL_CAPACITY_BYTES),
                (buf.get(JAVA_INT, offset + FLAGS_OFFSET) & MSG_TRUNC) != 0);
    }
}

package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Errno;
import io.netty.channel.uring.IoUringIoOps;

/** Receives from one UDP socket. The engine holds a reference to the socket meanwhile. */
final class UdpReceiver extends Receiver {
    /** Puts the payload of each buffer at a cache line: 16 + 176 = 192. */
    static final int HEAD_ROOM_BYTES = 16;

    private final UdpSocket socket;
    private final long msghdr;
    private final InboundDuty duty;
    private final IoFailureListener failures;
    private final ReceivedMessage message = new ReceivedMessage();

    /**
     * @param msghdr address of a struct msghdr as {@link Sqe#recvmsgMultishot} wants it
     */
    UdpReceiver(
            UdpSocket socket,
            BufferGroup buffers,
            long msghdr,
            InboundDuty duty,
            IoFailureListener failures) {
        super(buffers);
        this.socket = socket;
        this.msghdr = msghdr;
        this.duty = duty;
        this.failures = failures;
    }

    UdpSocket socket() {
        return socket;
    }

    @Override
    IoUringIoOps newRequest() {
        return Sqe.recvmsgMultishot(socket.fd(), msghdr, buffers.group());
    }

    @Override
    void onReceived(int result, int buffer) {
        if (result < RecvmsgOut.PAYLOAD_OFFSET) {
            return;
        }
        long offset = buffers.offset(buffer);
        RecvmsgOut.wrap(message, buffers.memory(), offset);
        int length = RecvmsgOut.payloadLength(buffers.memory(), offset, result);
        duty.onReceive(
                socket, buffers.memory(), offset + RecvmsgOut.PAYLOAD_OFFSET, length, message);
    }

    /** All but misuse passes: errors of earlier sends are reported by receives, too. */
    @Override
    boolean retriesAfter(int errno) {
        return switch (errno) {
            case Errno.EIO,
                    Errno.EBADF,
                    Errno.EFAULT,
                    Errno.EINVAL,
                    Errno.ENOTSOCK,
                    Errno.EOPNOTSUPP ->
                    false;
            default -> true;
        };
    }

    @Override
    void report(int errno) {
        failures.onUdpFailure(socket, errno);
    }
}

package dev.culvert.app.dns;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One question over TCP, RFC 1035 §4.2.2: each message has its length in two bytes in front. All of
 * it, from the connection to the last byte, has one deadline.
 */
final class DnsStream {
    private static final int LENGTH_BYTES = 2;
    private static final int MAX_BYTES = LENGTH_BYTES + 0xffff;

    private final int fd;
    private final MemorySegment buf;
    private final MemorySegment polled;
    private final long deadlineNs;

    private DnsStream(int fd, Arena arena, long deadlineNs) {
        this.fd = fd;
        this.deadlineNs = deadlineNs;
        buf = arena.allocate(MAX_BYTES, 8);
        polled = arena.allocate(PollFd.SIZE_BYTES, 8);
    }

    /**
     * Asks, and waits.
     *
     * @param fd a TCP socket, not connected and not blocking; stays the caller's
     * @return the message that came; null: none in time, or the server ended the connection
     * @throws ErrnoException when the kernel refuses
     */
    static @Nullable ByteBuffer ask(int fd, InetAddress server, byte[] question, int timeoutMs)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
            DnsStream stream = new DnsStream(fd, arena, deadlineNs);
            if (!stream.connect(arena, server) || !stream.send(question)) {
                return null;
            }
            return stream.receive();
        }
    }

    private boolean connect(Arena arena, InetAddress server) throws ErrnoException {
        MemorySegment address = arena.allocate(SockAddr.MAX_BYTES, 8);
        int length = SockAddr.encode(server.getAddress(), MarkedDnsClient.PORT, 0, address, 0);
        int connected = Libc.connect(fd, address, 0, length);
        if (connected == -Errno.EINPROGRESS) {
            if (!await(PollFd.POLLOUT)) {
                return false;
            }
            connected = -Libc.getsockopt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_ERROR);
        }
        ErrnoException.check("connect", connected);
        return true;
    }

    private boolean send(byte[] question) throws ErrnoException {
        buf.set(ValueLayout.JAVA_BYTE, 0, (byte) (question.length >> 8));
        buf.set(ValueLayout.JAVA_BYTE, 1, (byte) question.length);
        MemorySegment.copy(question, 0, buf, ValueLayout.JAVA_BYTE, LENGTH_BYTES, question.length);
        int total = LENGTH_BYTES + question.length;
        for (int sent = 0; sent < total; ) {
            int written = Libc.write(fd, buf, sent, total - sent);
            if (written == -Errno.EAGAIN || written == -Errno.EINTR) {
                if (!await(PollFd.POLLOUT)) {
                    return false;
                }
                continue;
            }
            sent += ErrnoException.check("ask", written);
        }
        return true;
    }

    private @Nullable ByteBuffer receive() throws ErrnoException {
        int received = 0;
        int total = LENGTH_BYTES;
        while (received < total) {
            if (!await(PollFd.POLLIN)) {
                return null;
            }
            int read = Libc.read(fd, buf, received, total - received);
            if (read == -Errno.EAGAIN || read == -Errno.EINTR) {
                continue;
            }
            if (ErrnoException.check("answer", read) == 0) {
                return null;
            }
            received += read;
            if (received == LENGTH_BYTES && total == LENGTH_BYTES) {
                total +=
                        Byte.toUnsignedInt(buf.get(ValueLayout.JAVA_BYTE, 0)) << 8
                                | Byte.toUnsignedInt(buf.get(ValueLayout.JAVA_BYTE, 1));
            }
        }
        byte[] message = new byte[total - LENGTH_BYTES];
        MemorySegment.copy(buf, ValueLayout.JAVA_BYTE, LENGTH_BYTES, message, 0, message.length);
        return ByteBuffer.wrap(message);
    }

    /** False: the time is over. */
    private boolean await(short events) {
        while (true) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            PollFd.set(polled, 0, 0, fd, events);
            if (Libc.poll(polled, 0, 1, (int) leftMs) > 0) {
                return true;
            }
        }
    }
}

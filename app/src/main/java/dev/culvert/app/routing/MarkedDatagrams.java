package dev.culvert.app.routing;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams to and from one address, over a socket with the program's mark: beside the tunnel,
 * where the kill switch lets them. The source port is the kernel's choice, and only that address is
 * heard. Owned by one thread.
 */
public final class MarkedDatagrams implements AutoCloseable {
    private static final int MAX_BYTES = 4096;
    private static final long NS_PER_MS = 1_000_000L;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buf = arena.allocate(MAX_BYTES, 8);
    private final MemorySegment polled = arena.allocate(PollFd.SIZE_BYTES, 8);
    private final int fd;

    private MarkedDatagrams(int fd) {
        this.fd = fd;
    }

    /**
     * Opens the socket.
     *
     * @throws ErrnoException without a way there, or without the right to mark
     */
    public static MarkedDatagrams open(InetAddress to, int port, int mark) throws ErrnoException {
        MarkedDatagrams opened = new MarkedDatagrams(socket(to, SocketConstants.SOCK_DGRAM, mark));
        try {
            MemorySegment address = opened.arena.allocate(SockAddr.MAX_BYTES, 8);
            int length = SockAddr.encode(to.getAddress(), port, 0, address, 0);
            ErrnoException.check("connect", Libc.connect(opened.fd, address, 0, length));
            return opened;
        } catch (ErrnoException refused) {
            opened.close();
            throw refused;
        }
    }

    /**
     * A socket with the mark, not connected and not blocking, the caller's to close.
     *
     * @param type {@code SOCK_DGRAM} or {@code SOCK_STREAM}
     */
    public static int socket(InetAddress to, int type, int mark) throws ErrnoException {
        int family =
                to instanceof Inet4Address ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
        int flags = SocketConstants.SOCK_CLOEXEC | SocketConstants.SOCK_NONBLOCK;
        int fd = ErrnoException.check("socket", Libc.socket(family, type | flags, 0));
        int marked = Libc.setsockopt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_MARK, mark);
        if (marked < 0) {
            Libc.close(fd);
            ErrnoException.check("mark", marked);
        }
        return fd;
    }

    /** Sends one. */
    public void send(byte[] datagram) throws ErrnoException {
        MemorySegment.copy(datagram, 0, buf, ValueLayout.JAVA_BYTE, 0, datagram.length);
        ErrnoException.check("send", Libc.write(fd, buf, 0, datagram.length));
    }

    /** What a datagram is to its reader. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Null: not what is waited for. */
        @Nullable T read(byte[] datagram);
    }

    /**
     * Waits for the one that the reader takes; others do not end the waiting.
     *
     * @return null: none came in time
     */
    public <T> @Nullable T await(int timeoutMs, Reader<T> reader) throws ErrnoException {
        long deadlineNs = System.nanoTime() + timeoutMs * NS_PER_MS;
        while (true) {
            long leftMs = (deadlineNs - System.nanoTime()) / NS_PER_MS;
            if (leftMs <= 0) {
                return null;
            }
            PollFd.set(polled, 0, 0, fd, PollFd.POLLIN);
            Libc.poll(polled, 0, 1, (int) leftMs);
            int received = Libc.recv(fd, buf, 0, MAX_BYTES, 0);
            if (received == -Errno.EAGAIN || received == -Errno.EINTR) {
                continue;
            }
            ErrnoException.check("receive", received);
            T read = reader.read(buf.asSlice(0, received).toArray(ValueLayout.JAVA_BYTE));
            if (read != null) {
                return read;
            }
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
        arena.close();
    }
}

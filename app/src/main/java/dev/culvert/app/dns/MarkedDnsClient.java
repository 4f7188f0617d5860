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
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server one question, over a socket with a mark, which the JDK's resolver cannot set.
 * Source port and id are random, and the socket takes answers from that server alone.
 */
final class MarkedDnsClient {
    static final int PORT = 53;

    private static final int ANSWER_BYTES = 4096;

    private final int mark;
    private final RandomGenerator random = new SecureRandom();

    MarkedDnsClient(int mark) {
        this.mark = mark;
    }

    /**
     * Sends the question twice at most, and waits. An answer that is cut short is asked for again
     * over TCP.
     *
     * @param timeoutMs for each time
     * @return null: no answer
     * @throws ErrnoException when the kernel refuses to send
     */
    DnsMessage.@Nullable Answer ask(InetAddress server, String name, int type, int timeoutMs)
            throws ErrnoException {
        DnsMessage.Answer answer = askByDatagram(server, name, type, timeoutMs);
        if (!(answer instanceof DnsMessage.Answer.Truncated)) {
            return answer;
        }
        DnsMessage.Answer whole = askByStream(server, name, type, timeoutMs);
        return whole == null ? answer : whole;
    }

    private DnsMessage.@Nullable Answer askByDatagram(
            InetAddress server, String name, int type, int timeoutMs) throws ErrnoException {
        int fd = socket(server, SocketConstants.SOCK_DGRAM);
        try (Arena arena = Arena.ofConfined()) {
            mark(fd);
            MemorySegment address = arena.allocate(SockAddr.MAX_BYTES, 8);
            int length = SockAddr.encode(server.getAddress(), PORT, 0, address, 0);
            ErrnoException.check("connect", Libc.connect(fd, address, 0, length));
            MemorySegment buf = arena.allocate(ANSWER_BYTES, 8);
            MemorySegment polled = arena.allocate(PollFd.SIZE_BYTES, 8);
            for (int attempt = 0; attempt < 2; attempt++) {
                int id = random.nextInt(0x10000);
                byte[] question = DnsMessage.question(id, name, type);
                MemorySegment.copy(question, 0, buf, ValueLayout.JAVA_BYTE, 0, question.length);
                ErrnoException.check(
                        "ask " + server.getHostAddress(), Libc.write(fd, buf, 0, question.length));
                DnsMessage.Answer answer = await(fd, polled, buf, id, name, type, timeoutMs);
                if (answer != null) {
                    return answer;
                }
            }
            return null;
        } finally {
            Libc.close(fd);
        }
    }

    /** Null: no answer, or the kernel refuses: what had room in the datagram has to do. */
    private DnsMessage.@Nullable Answer askByStream(
            InetAddress server, String name, int type, int timeoutMs) throws ErrnoException {
        int id = random.nextInt(0x10000);
        int fd = socket(server, SocketConstants.SOCK_STREAM);
        try {
            mark(fd);
            ByteBuffer message =
                    DnsStream.ask(fd, server, DnsMessage.question(id, name, type), timeoutMs);
            return message == null ? null : DnsMessage.answer(message, id, name, type);
        } catch (ErrnoException refused) {
            return null;
        } finally {
            Libc.close(fd);
        }
    }

    private static int socket(InetAddress server, int type) throws ErrnoException {
        int family =
                server instanceof Inet4Address ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
        return ErrnoException.check(
                "socket",
                Libc.socket(
                        family,
                        type | SocketConstants.SOCK_CLOEXEC | SocketConstants.SOCK_NONBLOCK,
                        0));
    }

    private void mark(int fd) throws ErrnoException {
        ErrnoException.check(
                "mark",
                Libc.setsockopt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_MARK, mark));
    }

    /** What is no answer to this question does not end the waiting. */
    private static DnsMessage.@Nullable Answer await(
            int fd,
            MemorySegment polled,
            MemorySegment buf,
            int id,
            String name,
            int type,
            int timeoutMs)
            throws ErrnoException {
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
        while (true) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return null;
            }
            PollFd.set(polled, 0, 0, fd, PollFd.POLLIN);
            Libc.poll(polled, 0, 1, (int) leftMs);
            int received = Libc.recv(fd, buf, 0, ANSWER_BYTES, 0);
            if (received == -Errno.EAGAIN || received == -Errno.EINTR) {
                continue;
            }
            ErrnoException.check("answer", received);
            DnsMessage.Answer answer =
                    DnsMessage.answer(buf.asSlice(0, received).asByteBuffer(), id, name, type);
            if (answer != null) {
                return answer;
            }
        }
    }
}

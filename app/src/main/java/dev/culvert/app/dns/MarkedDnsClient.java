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
     * Sends the question twice at most, and waits.
     *
     * @param timeoutMs for each time
     * @return null: no answer
     * @throws ErrnoException when the kernel refuses to send
     */
    DnsMessage.@Nullable Answer ask(InetAddress server, String name, int type, int timeoutMs)
            throws ErrnoException {
        int family =
                server instanceof Inet4Address ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
        int fd =
                ErrnoException.check(
                        "socket",
                        Libc.socket(
                                family,
                                SocketConstants.SOCK_DGRAM
                                        | SocketConstants.SOCK_CLOEXEC
                                        | SocketConstants.SOCK_NONBLOCK,
                                0));
        try (Arena arena = Arena.ofConfined()) {
            ErrnoException.check(
                    "mark",
                    Libc.setsockopt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_MARK, mark));
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

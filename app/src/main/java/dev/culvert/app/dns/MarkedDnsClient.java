package dev.culvert.app.dns;

import dev.culvert.app.routing.MarkedDatagrams;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;
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
        try (MarkedDatagrams datagrams = MarkedDatagrams.open(server, PORT, mark)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                int id = random.nextInt(0x10000);
                datagrams.send(DnsMessage.question(id, name, type));
                DnsMessage.Answer answer =
                        datagrams.await(
                                timeoutMs,
                                datagram ->
                                        DnsMessage.answer(
                                                ByteBuffer.wrap(datagram), id, name, type));
                if (answer != null) {
                    return answer;
                }
            }
            return null;
        }
    }

    /** Null: no answer, or the kernel refuses: what had room in the datagram has to do. */
    private DnsMessage.@Nullable Answer askByStream(
            InetAddress server, String name, int type, int timeoutMs) throws ErrnoException {
        int id = random.nextInt(0x10000);
        int fd = MarkedDatagrams.socket(server, SocketConstants.SOCK_STREAM, mark);
        try {
            ByteBuffer message =
                    DnsStream.ask(fd, server, DnsMessage.question(id, name, type), timeoutMs);
            return message == null ? null : DnsMessage.answer(message, id, name, type);
        } catch (ErrnoException refused) {
            return null;
        } finally {
            Libc.close(fd);
        }
    }
}

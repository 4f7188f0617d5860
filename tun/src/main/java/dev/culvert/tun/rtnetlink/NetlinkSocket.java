package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A netlink socket for requests and their answers, one request at a time. */
final class NetlinkSocket implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int DUMP_ATTEMPTS = 8;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buf = arena.allocate(BUFFER_BYTES, 8);
    private final ByteBuffer view = buf.asByteBuffer().order(ByteOrder.nativeOrder());
    private final int fd;
    private int sequence;

    NetlinkSocket() throws ErrnoException {
        fd = open();
        // What an older kernel lacks of these costs an explanation or a filter, nothing else.
        Libc.setsockopt(fd, SocketConstants.SOL_NETLINK, Netlink.NETLINK_EXT_ACK, 1);
        Libc.setsockopt(fd, SocketConstants.SOL_NETLINK, Netlink.NETLINK_CAP_ACK, 1);
        Libc.setsockopt(fd, SocketConstants.SOL_NETLINK, Netlink.NETLINK_GET_STRICT_CHK, 1);
    }

    private int open() throws ErrnoException {
        int socket =
                Libc.socket(
                        SocketConstants.AF_NETLINK,
                        SocketConstants.SOCK_RAW | SocketConstants.SOCK_CLOEXEC,
                        Multicast.NETLINK_ROUTE);
        if (socket < 0) {
            arena.close();
            throw new ErrnoException("netlink socket", socket);
        }
        int bound = Libc.bind(socket, buf, 0, SockAddr.encodeNetlink(0, 0, buf, 0));
        if (bound < 0) {
            Libc.close(socket);
            arena.close();
            throw new ErrnoException("netlink bind", bound);
        }
        return socket;
    }

    /** Changes something; {@code operation} is for the error message. */
    void request(String operation, Message message) throws RtnetlinkException {
        send(operation, message, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK);
        receive(operation, answer -> null, new ArrayList<>());
    }

    /** Asks for one object; what {@code decode} makes of the answer. */
    <T> @Nullable T get(String operation, Message message, Function<ByteBuffer, @Nullable T> decode)
            throws RtnetlinkException {
        List<T> answers = new ArrayList<>();
        send(operation, message, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK);
        receive(operation, decode, answers);
        return answers.isEmpty() ? null : answers.getFirst();
    }

    /** Lists objects, consistently: a listing during which something changed is taken again. */
    <T> List<T> dump(
            String operation, Supplier<Message> message, Function<ByteBuffer, @Nullable T> decode)
            throws RtnetlinkException {
        for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
            List<T> answers = new ArrayList<>();
            send(operation, message.get(), Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP);
            if (receive(operation, decode, answers)) {
                return answers;
            }
        }
        throw new RtnetlinkException(operation, Errno.EAGAIN, "it keeps changing");
    }

    private void send(String operation, Message message, int flags) throws RtnetlinkException {
        ByteBuffer bytes = message.finish(flags, ++sequence);
        int length = bytes.remaining();
        buf.asSlice(0, length).copyFrom(MemorySegment.ofBuffer(bytes));
        int sent = Libc.sendto(fd, buf, 0, length, 0, buf, 0, 0);
        if (sent < 0) {
            throw new RtnetlinkException(operation, sent, "");
        }
    }

    /**
     * Reads to the end of the answer; false when the kernel says that the listing is inconsistent.
     */
    private <T> boolean receive(
            String operation, Function<ByteBuffer, @Nullable T> decode, List<T> answers)
            throws RtnetlinkException {
        boolean consistent = true;
        while (true) {
            int received = Libc.recv(fd, buf, 0, BUFFER_BYTES, SocketConstants.MSG_TRUNC);
            if (received == -Errno.EINTR) {
                continue;
            }
            if (received < 0) {
                throw new RtnetlinkException(operation, received, "");
            }
            if (received > BUFFER_BYTES) {
                throw new RtnetlinkException(operation, Errno.EMSGSIZE, "");
            }
            int at = 0;
            while (received - at >= Netlink.HEADER_BYTES) {
                int length = view.getInt(at);
                if (length < Netlink.HEADER_BYTES || length > received - at) {
                    throw new RtnetlinkException(operation, Errno.EPROTO, "");
                }
                int type = Short.toUnsignedInt(view.getShort(at + 4));
                int flags = Short.toUnsignedInt(view.getShort(at + 6));
                // An answer to an earlier request whose exception cut it short.
                boolean ours = view.getInt(at + 8) == sequence;
                ByteBuffer whole = view.slice(at, length).order(ByteOrder.nativeOrder());
                at += Netlink.align(length);
                if (!ours) {
                    continue;
                }
                consistent &= (flags & Netlink.NLM_F_DUMP_INTR) == 0;
                if (type == Netlink.NLMSG_ERROR || type == Netlink.NLMSG_DONE) {
                    Ack.check(operation, whole, type, flags);
                    return consistent;
                }
                T answer = decode.apply(whole);
                if (answer != null) {
                    answers.add(answer);
                }
            }
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
        arena.close();
    }
}

package dev.culvert.app.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Questions for addresses and their answers, RFC 1035 §4.
 *
 * <pre>
 * id (2) flags (2) questions (2) answers (2) authorities (2) additionals (2)
 * question: name, type (2), class (2)
 * record:   name, type (2), class (2), time to live (4), length (2), data
 * </pre>
 */
final class DnsMessage {
    static final int A = 1;
    static final int AAAA = 28;

    private static final int CNAME = 5;
    private static final int OPT = 41;
    private static final int IN = 1;
    private static final int HEADER_BYTES = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE_MASK = 0x7800;
    private static final int TRUNCATED = 0x0200;
    private static final int RCODE_MASK = 0xf;
    private static final int NXDOMAIN = 3;
    private static final int MAX_UDP_BYTES = 1232;
    private static final int MAX_JUMPS = 32;
    private static final int MAX_ALIASES = 16;

    /** What became of a question. */
    sealed interface Answer {
        /** Perhaps none. */
        record Addresses(List<InetAddress> addresses) implements Answer {}

        /** The server says that there is no such name. */
        record NoSuchName() implements Answer {}

        /**
         * Not all of it had room: it is to be asked for over TCP.
         *
         * @param addresses those that had room, perhaps none
         */
        record Truncated(List<InetAddress> addresses) implements Answer {}

        /** The server cannot or will not say. */
        record Refused(int code) implements Answer {}
    }

    private DnsMessage() {}

    /** A question for one type of address; {@code name} is a host name without the final dot. */
    static byte[] question(int id, String name, int type) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        u16(out, id);
        u16(out, RECURSION_DESIRED);
        u16(out, 1);
        u16(out, 0);
        u16(out, 0);
        u16(out, 1);
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        u16(out, type);
        u16(out, IN);
        // EDNS(0), RFC 6891: answers may be longer than 512 bytes.
        out.write(0);
        u16(out, OPT);
        u16(out, MAX_UDP_BYTES);
        u16(out, 0);
        u16(out, 0);
        u16(out, 0);
        return out.toByteArray();
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    /**
     * Reads an answer. Null: it is none to this question, or is damaged.
     *
     * @param message from position to limit
     */
    static @Nullable Answer answer(ByteBuffer message, int id, String name, int type) {
        try {
            return read(message.slice(), id, name.toLowerCase(Locale.ROOT), type);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable Answer read(ByteBuffer message, int id, String name, int type)
            throws UnknownHostException {
        int flags = u16(message, 2);
        if (u16(message, 0) != id
                || (flags & (RESPONSE | OPCODE_MASK)) != RESPONSE
                || u16(message, 4) != 1) {
            return null;
        }
        StringBuilder asked = new StringBuilder();
        int at = name(message, HEADER_BYTES, asked);
        if (!asked.toString().equals(name)
                || u16(message, at) != type
                || u16(message, at + 2) != IN) {
            return null;
        }
        int code = flags & RCODE_MASK;
        if (code == NXDOMAIN) {
            return new Answer.NoSuchName();
        }
        if (code != 0) {
            return new Answer.Refused(code);
        }
        int count = u16(message, 6);
        if ((flags & TRUNCATED) == 0) {
            return new Answer.Addresses(addresses(message, at + 4, count, name, type));
        }
        try {
            return new Answer.Truncated(addresses(message, at + 4, count, name, type));
        } catch (IndexOutOfBoundsException cutWithinARecord) {
            return new Answer.Truncated(List.of());
        }
    }

    /** Those of the name itself, or of what it is an alias for, in order. */
    private static List<InetAddress> addresses(
            ByteBuffer message, int start, int count, String name, int type)
            throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>();
        String wanted = name;
        int at = start;
        for (int i = 0; i < count; i++) {
            StringBuilder owner = new StringBuilder();
            at = name(message, at, owner);
            int recordType = u16(message, at);
            int length = u16(message, at + 8);
            int data = at + 10;
            if (owner.toString().equals(wanted) && u16(message, at + 2) == IN) {
                if (recordType == CNAME && i < MAX_ALIASES) {
                    StringBuilder alias = new StringBuilder();
                    name(message, data, alias);
                    wanted = alias.toString();
                } else if (recordType == type && length == (type == A ? 4 : 16)) {
                    byte[] bytes = new byte[length];
                    message.get(data, bytes);
                    found.add(InetAddress.getByAddress(bytes));
                }
            }
            at = data + length;
        }
        return found;
    }

    /** Appends a name in lower case; the offset behind it. Compressed names jump backwards. */
    private static int name(ByteBuffer message, int start, StringBuilder name) {
        int at = start;
        int end = -1;
        for (int jumps = 0; ; ) {
            int length = Byte.toUnsignedInt(message.get(at));
            if (length >= 0xc0) {
                if (++jumps > MAX_JUMPS) {
                    throw new IllegalArgumentException("a loop");
                }
                end = end < 0 ? at + 2 : end;
                at = u16(message, at) & 0x3fff;
            } else if (length == 0) {
                return end < 0 ? at + 1 : end;
            } else {
                if (name.length() > 0) {
                    name.append('.');
                }
                for (int i = 1; i <= length; i++) {
                    char c = (char) Byte.toUnsignedInt(message.get(at + i));
                    name.append(Character.toLowerCase(c));
                }
                if (name.length() > 255) {
                    throw new IllegalArgumentException("too long");
                }
                at += 1 + length;
            }
        }
    }

    private static int u16(ByteBuffer message, int at) {
        return Short.toUnsignedInt(message.getShort(at));
    }
}

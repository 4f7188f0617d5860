package dev.culvert.tun.rtnetlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request under construction: the netlink header (length, type, flags, sequence, port), the fixed
 * header of its kind, then attributes (length, type, value, padded to 4).
 */
final class Message {
    private static final int CAPACITY_BYTES = 1024;

    private final ByteBuffer buf =
            ByteBuffer.allocate(CAPACITY_BYTES).order(ByteOrder.nativeOrder());

    Message(int type, int flags) {
        buf.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
    }

    Message u8(int value) {
        buf.put((byte) value);
        return this;
    }

    Message u16(int value) {
        buf.putShort((short) value);
        return this;
    }

    Message u32(int value) {
        buf.putInt(value);
        return this;
    }

    Message attribute(int type, byte[] value) {
        buf.putShort((short) (Netlink.ATTRIBUTE_HEADER_BYTES + value.length))
                .putShort((short) type)
                .put(value);
        while (buf.position() % 4 != 0) {
            buf.put((byte) 0);
        }
        return this;
    }

    Message attribute(int type, int value) {
        return attribute(
                type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    }

    Message attribute(int type, InetAddress value) {
        return attribute(type, value.getAddress());
    }

    /** NUL-terminated. */
    Message attribute(int type, String value) {
        return attribute(type, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    int type() {
        return Short.toUnsignedInt(buf.getShort(4));
    }

    /** The finished bytes. */
    ByteBuffer finish(int addedFlags, int sequence) {
        buf.putInt(0, buf.position());
        buf.putShort(6, (short) (buf.getShort(6) | addedFlags));
        buf.putInt(8, sequence);
        return buf.duplicate().order(ByteOrder.nativeOrder()).flip();
    }
}

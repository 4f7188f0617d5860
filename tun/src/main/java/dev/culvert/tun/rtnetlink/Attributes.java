package dev.culvert.tun.rtnetlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes behind the fixed header of a received message. A truncated one ends the list. */
final class Attributes {
    private final Map<Integer, ByteBuffer> values = new HashMap<>();

    private Attributes() {}

    /** Reads from the position to the limit. */
    static Attributes parse(ByteBuffer message) {
        Attributes attributes = new Attributes();
        int at = message.position();
        while (message.limit() - at >= Netlink.ATTRIBUTE_HEADER_BYTES) {
            int length = Short.toUnsignedInt(message.getShort(at));
            int type = message.getShort(at + 2) & Netlink.NLA_TYPE_MASK;
            if (length < Netlink.ATTRIBUTE_HEADER_BYTES || length > message.limit() - at) {
                break;
            }
            attributes.values.put(
                    type,
                    message.slice(
                                    at + Netlink.ATTRIBUTE_HEADER_BYTES,
                                    length - Netlink.ATTRIBUTE_HEADER_BYTES)
                            .order(ByteOrder.nativeOrder()));
            at += Netlink.align(length);
        }
        return attributes;
    }

    boolean has(int type) {
        return values.containsKey(type);
    }

    /** The value as raw bytes in the host's order, a slice of the message. */
    @Nullable ByteBuffer value(int type) {
        return values.get(type);
    }

    int u32(int type, int absent) {
        ByteBuffer value = values.get(type);
        return value == null || value.remaining() < 4 ? absent : value.getInt(0);
    }

    String text(int type, String absent) {
        ByteBuffer value = values.get(type);
        if (value == null) {
            return absent;
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(0, bytes);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Nullable InetAddress address(int type) {
        ByteBuffer value = values.get(type);
        return value == null ? null : address(value, 0);
    }

    /** Four or sixteen bytes from {@code skip} to the end. */
    static @Nullable InetAddress address(ByteBuffer value, int skip) {
        byte[] bytes = new byte[Math.max(0, value.remaining() - skip)];
        value.get(skip, bytes, 0, bytes.length);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException ofOtherLength) {
            return null;
        }
    }
}

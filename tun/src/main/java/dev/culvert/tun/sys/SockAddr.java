package dev.culvert.tun.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Socket addresses in native memory. Ports and addresses are big-endian, the rest is of the host.
 *
 * <pre>
 * sockaddr_in   (16): family (2) port (2) address (4) zero (8)
 * sockaddr_in6  (28): family (2) port (2) flow info (4) address (16) scope id (4)
 * sockaddr_nl   (12): family (2) zero (2) port id (4) groups (4)
 * sockaddr_un (<=110): family (2) path (<=108, NUL-terminated)
 * </pre>
 */
public final class SockAddr {
    public static final int IN_BYTES = 16;
    public static final int IN6_BYTES = 28;
    public static final int NL_BYTES = 12;
    public static final int UN_BYTES = 110;

    /** Room for any of them. */
    public static final int MAX_BYTES = 128;

    public static final long PORT_OFFSET = 2;
    public static final long IN_ADDRESS_OFFSET = 4;
    public static final long IN6_ADDRESS_OFFSET = 8;
    public static final long IN6_SCOPE_OFFSET = 24;

    private static final int UN_PATH_BYTES = 108;
    private static final ValueLayout.OfShort BE_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SockAddr() {}

    /**
     * Encodes an IPv4 (4 bytes) or IPv6 (16 bytes) address; returns the length of the socket
     * address. The scope id matters for link-local IPv6 alone, else 0.
     */
    public static int encode(
            byte[] address, int port, int scopeId, MemorySegment seg, long offset) {
        boolean v4 = address.length == 4;
        if (!v4 && address.length != 16) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes");
        }
        int length = v4 ? IN_BYTES : IN6_BYTES;
        seg.asSlice(offset, length).fill((byte) 0);
        int family = v4 ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
        seg.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) family);
        seg.set(BE_SHORT, offset + PORT_OFFSET, (short) port);
        long at = offset + (v4 ? IN_ADDRESS_OFFSET : IN6_ADDRESS_OFFSET);
        MemorySegment.copy(address, 0, seg, ValueLayout.JAVA_BYTE, at, address.length);
        if (!v4) {
            seg.set(ValueLayout.JAVA_INT_UNALIGNED, offset + IN6_SCOPE_OFFSET, scopeId);
        }
        return length;
    }

    /** A Unix socket path of at most 107 bytes; returns the length of the socket address. */
    public static int encodeUnix(String path, MemorySegment seg, long offset) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= UN_PATH_BYTES) {
            throw new IllegalArgumentException("socket path longer than 107 bytes: " + path);
        }
        int length = 2 + bytes.length + 1;
        seg.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) SocketConstants.AF_UNIX);
        MemorySegment.copy(bytes, 0, seg, ValueLayout.JAVA_BYTE, offset + 2, bytes.length);
        seg.set(ValueLayout.JAVA_BYTE, offset + 2 + bytes.length, (byte) 0);
        return length;
    }

    /** A netlink address; port id 0 is the kernel, or lets it choose ours. */
    public static int encodeNetlink(int portId, int groups, MemorySegment seg, long offset) {
        seg.asSlice(offset, NL_BYTES).fill((byte) 0);
        seg.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) SocketConstants.AF_NETLINK);
        seg.set(ValueLayout.JAVA_INT_UNALIGNED, offset + 4, portId);
        seg.set(ValueLayout.JAVA_INT_UNALIGNED, offset + 8, groups);
        return NL_BYTES;
    }

    public static int family(MemorySegment seg, long offset) {
        return Short.toUnsignedInt(seg.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset));
    }

    /** 0..65535, of an IPv4 or IPv6 socket address. */
    public static int port(MemorySegment seg, long offset) {
        return Short.toUnsignedInt(seg.get(BE_SHORT, offset + PORT_OFFSET));
    }

    public static void setPort(MemorySegment seg, long offset, int port) {
        seg.set(BE_SHORT, offset + PORT_OFFSET, (short) port);
    }

    /** The IPv4 address as a big-endian number: 10.0.0.1 is 0x0a000001. */
    public static int address4(MemorySegment seg, long offset) {
        return seg.get(BE_INT, offset + IN_ADDRESS_OFFSET);
    }

    /** The upper 64 bits of the IPv6 address. */
    public static long address6High(MemorySegment seg, long offset) {
        return seg.get(BE_LONG, offset + IN6_ADDRESS_OFFSET);
    }

    /** The lower 64 bits of the IPv6 address. */
    public static long address6Low(MemorySegment seg, long offset) {
        return seg.get(BE_LONG, offset + IN6_ADDRESS_OFFSET + 8);
    }

    /** The interface index that a link-local IPv6 address belongs to. */
    public static int scopeId(MemorySegment seg, long offset) {
        return seg.get(ValueLayout.JAVA_INT_UNALIGNED, offset + IN6_SCOPE_OFFSET);
    }

    /** 4 or 16 new bytes. */
    public static byte[] address(MemorySegment seg, long offset) {
        boolean v4 = family(seg, offset) == SocketConstants.AF_INET;
        byte[] address = new byte[v4 ? 4 : 16];
        long at = offset + (v4 ? IN_ADDRESS_OFFSET : IN6_ADDRESS_OFFSET);
        MemorySegment.copy(seg, ValueLayout.JAVA_BYTE, at, address, 0, address.length);
        return address;
    }

    /** 16 or 28. */
    public static int lengthBytes(MemorySegment seg, long offset) {
        return family(seg, offset) == SocketConstants.AF_INET ? IN_BYTES : IN6_BYTES;
    }
}

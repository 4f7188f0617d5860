package dev.culvert.tun.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct msghdr} (56 bytes) and {@code struct mmsghdr} (the same, the length transferred at
 * 56, 64 in all).
 *
 * <pre>
 *  0 name address   8 name length (4) + 4   16 iovecs address   24 iovec count
 * 32 control address   40 control length (8)   48 flags (4) + 4
 * </pre>
 */
public final class MsgHdr {
    public static final long NAME_OFFSET = 0;
    public static final long NAME_LENGTH_OFFSET = 8;
    public static final long IOVECS_OFFSET = 16;
    public static final long IOVEC_COUNT_OFFSET = 24;
    public static final long CONTROL_OFFSET = 32;
    public static final long CONTROL_LENGTH_OFFSET = 40;
    public static final long FLAGS_OFFSET = 48;
    public static final long SIZE_BYTES = 56;
    public static final long MMSG_LENGTH_OFFSET = 56;
    public static final long MMSG_SIZE_BYTES = 64;

    private MsgHdr() {}

    /** The socket address to send to, or the space for the one received from; length 0: none. */
    public static void setName(MemorySegment msghdr, long offset, long address, int length) {
        msghdr.set(ValueLayout.JAVA_LONG, offset + NAME_OFFSET, address);
        msghdr.set(ValueLayout.JAVA_INT, offset + NAME_LENGTH_OFFSET, length);
    }

    public static int nameLength(MemorySegment msghdr, long offset) {
        return msghdr.get(ValueLayout.JAVA_INT, offset + NAME_LENGTH_OFFSET);
    }

    public static void setNameLength(MemorySegment msghdr, long offset, int length) {
        msghdr.set(ValueLayout.JAVA_INT, offset + NAME_LENGTH_OFFSET, length);
    }

    public static void setIovecs(MemorySegment msghdr, long offset, long address, int count) {
        msghdr.set(ValueLayout.JAVA_LONG, offset + IOVECS_OFFSET, address);
        msghdr.set(ValueLayout.JAVA_LONG, offset + IOVEC_COUNT_OFFSET, count);
    }

    /** Control messages ({@link Cmsg}) to send, or the space for those received; length 0: none. */
    public static void setControl(MemorySegment msghdr, long offset, long address, long length) {
        msghdr.set(ValueLayout.JAVA_LONG, offset + CONTROL_OFFSET, address);
        msghdr.set(ValueLayout.JAVA_LONG, offset + CONTROL_LENGTH_OFFSET, length);
    }

    public static long controlLength(MemorySegment msghdr, long offset) {
        return msghdr.get(ValueLayout.JAVA_LONG, offset + CONTROL_LENGTH_OFFSET);
    }

    public static void setControlLength(MemorySegment msghdr, long offset, long length) {
        msghdr.set(ValueLayout.JAVA_LONG, offset + CONTROL_LENGTH_OFFSET, length);
    }

    /** What the kernel said of a received message, such as {@link SocketConstants#MSG_TRUNC}. */
    public static int flags(MemorySegment msghdr, long offset) {
        return msghdr.get(ValueLayout.JAVA_INT, offset + FLAGS_OFFSET);
    }

    /** How much the kernel transferred for this element of {@code sendmmsg} or {@code recvmmsg}. */
    public static int transferredLength(MemorySegment mmsghdr, long offset) {
        return mmsghdr.get(ValueLayout.JAVA_INT, offset + MMSG_LENGTH_OFFSET);
    }
}

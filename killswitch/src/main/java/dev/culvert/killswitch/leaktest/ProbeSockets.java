package dev.culvert.killswitch.leaktest;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The socket calls of the C library, and the addresses that they take. */
final class ProbeSockets {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_PACKET = 17;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int IPPROTO_ICMP = 1;
    static final int IPPROTO_ICMPV6 = 58;
    static final int IPPROTO_RAW = 255;
    static final int SOL_SOCKET = 1;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_MARK = 36;
    static final int SOL_PACKET = 263;
    static final int PACKET_QDISC_BYPASS = 20;
    static final int EINPROGRESS = 115;

    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;

    static {
        Native.register(ProbeSockets.class, NativeLibrary.getProcess());
    }

    private ProbeSockets() {}

    static native int socket(int family, int type, int protocol) throws LastErrorException;

    static native int setsockopt(int fd, int level, int name, byte[] value, int length)
            throws LastErrorException;

    static native int connect(int fd, byte[] address, int length) throws LastErrorException;

    static native long sendto(
            int fd, byte[] buffer, long length, int flags, byte[] address, int addressLength)
            throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static void set(int fd, int level, int name, int value) throws LastErrorException {
        byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
        setsockopt(fd, level, name, bytes, bytes.length);
    }

    /** {@code sockaddr_in} or {@code sockaddr_in6}. */
    static byte[] socketAddress(InetAddress address, int port) {
        boolean v4 = address instanceof Inet4Address;
        ByteBuffer bytes =
                ByteBuffer.allocate(v4 ? SOCKADDR_IN_BYTES : SOCKADDR_IN6_BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putShort((short) (v4 ? AF_INET : AF_INET6))
                        .order(ByteOrder.BIG_ENDIAN)
                        .putShort((short) port);
        if (!v4) {
            bytes.putInt(0);
        }
        return bytes.put(address.getAddress()).array();
    }

    /** {@code sockaddr_ll}: frames go out as they are, so only the link counts. */
    static byte[] linkAddress(int ifindex, int etherType) {
        return ByteBuffer.allocate(SOCKADDR_LL_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort((short) etherType)
                .order(ByteOrder.nativeOrder())
                .putInt(ifindex)
                .array();
    }
}

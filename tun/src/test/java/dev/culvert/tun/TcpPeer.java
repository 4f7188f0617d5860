package dev.culvert.tun;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/** The far end of a TCP connection behind a TUN, as far as its SYN-ACK. */
final class TcpPeer {
    private static final int BUFFER_BYTES = 65536 + 10;
    private static final int TIMEOUT_MS = 2000;
    private static final int PORT = 80;
    private static final int WRITTEN_BYTES = 60_000;

    private TcpPeer() {}

    /**
     * To be called inside: the length of the longest packet, without virtio header, that one write
     * of 60 kB becomes.
     */
    static int largestReadOfOneWrite(TunDevice device, NetworkNamespace namespace)
            throws Exception {
        namespace.sysctl("net.ipv6.conf.wg0.disable_ipv6", "1");
        namespace.run("ip", "address", "add", "10.1.2.3/24", "dev", "wg0");
        namespace.run("ip", "link", "set", "wg0", "up");
        // The far end acknowledges nothing: let the first flight be large, and be cut into as much
        // as the link takes, however slowly the handshake was answered.
        namespace.sysctl("net.ipv4.tcp_min_tso_segs", "64");
        namespace.run("ip", "route", "replace", "10.1.2.0/24", "dev", "wg0", "initcwnd", "64");
        int header = device.vnetHeader() ? 10 : 0;
        try (Arena arena = Arena.ofConfined();
                SocketChannel channel = SocketChannel.open()) {
            MemorySegment buf = arena.allocate(BUFFER_BYTES);
            channel.configureBlocking(false);
            channel.connect(new InetSocketAddress("10.1.2.4", PORT));
            // The kernel may have something else to say first, and sends a SYN again.
            do {
                int length = read(device, buf);
                if (isSyn(buf, header, length)) {
                    Libc.write(device.fd(), buf, 0, answerSyn(buf, header));
                }
            } while (!channel.finishConnect());
            channel.write(ByteBuffer.allocate(WRITTEN_BYTES));
            int largest = 0;
            int seen = 0;
            while (seen < WRITTEN_BYTES / 2) {
                int length = read(device, buf) - header;
                largest = Math.max(largest, length);
                seen += length;
            }
            return largest;
        }
    }

    private static int read(TunDevice device, MemorySegment buf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(PollFd.SIZE_BYTES, 8);
            PollFd.set(pollfd, 0, 0, device.fd(), PollFd.POLLIN);
            if (Libc.poll(pollfd, 0, 1, TIMEOUT_MS) != 1) {
                throw new AssertionError("nothing to read");
            }
            return Libc.read(device.fd(), buf, 0, BUFFER_BYTES);
        }
    }

    private static boolean isSyn(MemorySegment buf, int header, int length) {
        if (length < header + 40) {
            return false;
        }
        ByteBuffer packet = buf.asSlice(header).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        return packet.get(0) == 0x45 && packet.get(9) == 6 && packet.get(33) == 2;
    }

    /**
     * Turns a SYN in the buffer into a SYN-ACK with a large window and a window scale; returns its
     * length.
     */
    private static int answerSyn(MemorySegment buf, int header) {
        ByteBuffer packet = buf.asSlice(header).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
        int source = packet.getInt(12);
        int port = packet.getShort(20);
        int sequence = packet.getInt(24);
        buf.asSlice(0, header).fill((byte) 0);
        int length = 20 + 28;
        packet.putShort(2, (short) length).putShort(10, (short) 0);
        packet.putInt(12, packet.getInt(16)).putInt(16, source);
        packet.putShort(20, (short) PORT).putShort(22, (short) port);
        packet.putInt(24, 1000).putInt(28, sequence + 1);
        packet.putShort(32, (short) 0x7012).putShort(34, (short) 65535).putInt(36, 0);
        // Options: MSS 1380, no-op, window scale 7.
        packet.putInt(40, 0x02040564).putInt(44, 0x01030307);
        packet.putShort(10, checksum(packet, 0, 20, 0));
        packet.putShort(36, checksum(packet, 12, 36, 6 + 28));
        return header + length;
    }

    private static short checksum(ByteBuffer packet, int from, int length, int initial) {
        int sum = initial;
        for (int i = 0; i < length; i += 2) {
            sum += Short.toUnsignedInt(packet.getShort(from + i));
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}

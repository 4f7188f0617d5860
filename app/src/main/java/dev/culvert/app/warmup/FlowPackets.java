package dev.culvert.app.warmup;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Packets of both families as a kernel hands them over, a virtio header first: what a tunnel
 * carries in its first second. The mixture matters more than the number: what the JVM has never
 * seen in code that it compiled makes it throw that code away.
 */
final class FlowPackets {
    static final String SENDER_V4 = "10.0.0.1";
    static final String RECEIVER_V4 = "10.0.0.2";
    static final String SENDER_V6 = "fd00::1";
    static final String RECEIVER_V6 = "fd00::2";

    private static final int NETWORK_V4 = 0x0a000000;
    private static final long NETWORK_V6 = 0xfd00L << 48;
    private static final int SENDER_HOST = 1;
    private static final int RECEIVER_HOST = 2;
    private static final int PORT = 5201;
    private static final int IP = VirtioNetHeader.BYTES;
    private static final int SEGMENTS = 40;
    private static final int SEGMENT_BYTES = 1348;

    /** Two NOPs and a time stamp, as Linux sends them with every segment. */
    private static final int TCP_OPTIONS_BYTES = 12;

    private static final int TCP_OPTIONS_WORD = 0x0101080a;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment buffer;
    private int sequence = 1;
    private int round;

    /**
     * @param buffer each packet is written at its start; room for 65,536 bytes and a virtio header
     */
    FlowPackets(MemorySegment buffer) {
        this.buffer = buffer;
    }

    /** Writes the sender's next packet; its length with the virtio header. */
    int next() {
        round++;
        int odd = round & 0x7f;
        return switch (round & 0xf) {
            case 0 -> tcp(true, true, SEGMENTS / 2 * SEGMENT_BYTES, Tcp.ACK);
            case 1 -> tcp(true, true, SEGMENTS * SEGMENT_BYTES - odd, Tcp.ACK | Tcp.PSH);
            case 2 -> tcp(false, true, odd, Tcp.ACK | Tcp.PSH);
            case 3 -> ping(false);
            case 4 -> ping(true);
            case 5, 6 -> udp(false, 1200);
            case 7 -> udp(true, 1 + odd);
            case 8 -> tcp(false, true, SEGMENTS * SEGMENT_BYTES - odd, Tcp.ACK | Tcp.PSH);
            default -> tcp(false, true, SEGMENTS * SEGMENT_BYTES, Tcp.ACK);
        };
    }

    /**
     * Writes the sender's next small packet, of either family; its length with the virtio header.
     */
    int nextSmall() {
        round++;
        return (round & 3) == 0 ? udp((round & 4) == 0, 64) : ping((round & 1) == 0);
    }

    /** Writes the receiver's next acknowledgement; its length with the virtio header. */
    int acknowledgement() {
        return tcp((round & 0xf) == 1, false, 0, Tcp.ACK);
    }

    private int tcp(boolean ipv6, boolean fromSender, int payloadBytes, int flags) {
        int headerBytes = Tcp.HEADER_BYTES + TCP_OPTIONS_BYTES;
        int tcp = ip(ipv6, fromSender, Tcp.PROTOCOL, headerBytes + payloadBytes);
        boolean split = payloadBytes > SEGMENT_BYTES;
        VirtioNetHeader.write(
                buffer,
                0,
                VirtioNetHeader.FLAG_NEEDS_CHECKSUM,
                gsoType(ipv6, split),
                tcp - IP + headerBytes,
                split ? SEGMENT_BYTES : 0,
                tcp - IP,
                Tcp.CHECKSUM_OFFSET);
        buffer.set(SHORT, tcp + Tcp.SOURCE_PORT_OFFSET, (short) PORT);
        buffer.set(SHORT, tcp + Tcp.DESTINATION_PORT_OFFSET, (short) PORT);
        buffer.set(INT, tcp + Tcp.SEQUENCE_OFFSET, fromSender ? sequence : 1);
        buffer.set(INT, tcp + Tcp.ACKNOWLEDGMENT_OFFSET, fromSender ? 1 : sequence);
        int words = headerBytes / Integer.BYTES;
        buffer.set(SHORT, tcp + Tcp.FLAGS_OFFSET, (short) (words << 12 | flags));
        buffer.set(SHORT, tcp + Tcp.WINDOW_OFFSET, (short) 0x7fff);
        buffer.set(INT, tcp + Tcp.HEADER_BYTES, TCP_OPTIONS_WORD);
        buffer.set(INT, tcp + Tcp.HEADER_BYTES + Integer.BYTES, round);
        buffer.set(
                SHORT,
                tcp + Tcp.CHECKSUM_OFFSET,
                (short) pseudoHeader(ipv6, Tcp.PROTOCOL, headerBytes + payloadBytes));
        if (fromSender) {
            sequence += payloadBytes;
        }
        return tcp + headerBytes + payloadBytes;
    }

    private static int gsoType(boolean ipv6, boolean split) {
        if (!split) {
            return VirtioNetHeader.GSO_NONE;
        }
        return ipv6 ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4;
    }

    private int udp(boolean ipv6, int payloadBytes) {
        int length = Udp.HEADER_BYTES + payloadBytes;
        int udp = ip(ipv6, true, Udp.PROTOCOL, length);
        VirtioNetHeader.write(
                buffer,
                0,
                VirtioNetHeader.FLAG_NEEDS_CHECKSUM,
                VirtioNetHeader.GSO_NONE,
                udp - IP + Udp.HEADER_BYTES,
                0,
                udp - IP,
                Udp.CHECKSUM_OFFSET);
        buffer.set(SHORT, udp + Udp.SOURCE_PORT_OFFSET, (short) PORT);
        buffer.set(SHORT, udp + Udp.DESTINATION_PORT_OFFSET, (short) PORT);
        buffer.set(SHORT, udp + Udp.LENGTH_OFFSET, (short) length);
        int pseudo = pseudoHeader(ipv6, Udp.PROTOCOL, length);
        buffer.set(SHORT, udp + Udp.CHECKSUM_OFFSET, (short) pseudo);
        return udp + length;
    }

    /** As ping(8) sends it: 56 bytes, and the kernel has summed them up. */
    private int ping(boolean ipv6) {
        int length = Icmp.HEADER_BYTES + 56;
        int protocol = ipv6 ? Icmp.PROTOCOL_V6 : Icmp.PROTOCOL_V4;
        int icmp = ip(ipv6, true, protocol, length);
        VirtioNetHeader.clear(buffer, 0);
        buffer.set(BYTE, icmp + Icmp.TYPE_OFFSET, (byte) (ipv6 ? 128 : 8));
        buffer.set(BYTE, icmp + Icmp.CODE_OFFSET, (byte) 0);
        buffer.set(SHORT, icmp + Icmp.CHECKSUM_OFFSET, (short) 0);
        int sum = Checksum.sum(buffer, icmp, length);
        buffer.set(SHORT, icmp + Icmp.CHECKSUM_OFFSET, (short) Checksum.complement(sum));
        return icmp + length;
    }

    /** Writes the IP header; the offset behind it. */
    private int ip(boolean ipv6, boolean fromSender, int protocol, int payloadBytes) {
        int from = fromSender ? SENDER_HOST : RECEIVER_HOST;
        int to = fromSender ? RECEIVER_HOST : SENDER_HOST;
        if (ipv6) {
            buffer.set(INT, IP, 0x6000_0000);
            buffer.set(SHORT, IP + Ipv6.PAYLOAD_LENGTH_OFFSET, (short) payloadBytes);
            buffer.set(BYTE, IP + Ipv6.NEXT_HEADER_OFFSET, (byte) protocol);
            buffer.set(BYTE, IP + Ipv6.HOP_LIMIT_OFFSET, (byte) 64);
            buffer.set(LONG, IP + Ipv6.SOURCE_OFFSET, NETWORK_V6);
            buffer.set(LONG, IP + Ipv6.SOURCE_OFFSET + Long.BYTES, from);
            buffer.set(LONG, IP + Ipv6.DESTINATION_OFFSET, NETWORK_V6);
            buffer.set(LONG, IP + Ipv6.DESTINATION_OFFSET + Long.BYTES, to);
            return IP + Ipv6.HEADER_BYTES;
        }
        buffer.set(BYTE, IP, (byte) 0x45);
        buffer.set(BYTE, IP + Ipv4.TOS_OFFSET, (byte) 0);
        buffer.set(
                SHORT, IP + Ipv4.TOTAL_LENGTH_OFFSET, (short) (Ipv4.HEADER_BYTES + payloadBytes));
        buffer.set(SHORT, IP + Ipv4.ID_OFFSET, (short) round);
        buffer.set(SHORT, IP + Ipv4.FLAGS_OFFSET, (short) Ipv4.DONT_FRAGMENT);
        buffer.set(BYTE, IP + Ipv4.TTL_OFFSET, (byte) 64);
        buffer.set(BYTE, IP + Ipv4.PROTOCOL_OFFSET, (byte) protocol);
        buffer.set(INT, IP + Ipv4.SOURCE_OFFSET, NETWORK_V4 | from);
        buffer.set(INT, IP + Ipv4.DESTINATION_OFFSET, NETWORK_V4 | to);
        Ipv4.writeChecksum(buffer, IP, Ipv4.HEADER_BYTES);
        return IP + Ipv4.HEADER_BYTES;
    }

    private int pseudoHeader(boolean ipv6, int protocol, int length) {
        return ipv6
                ? Checksum.pseudoHeaderV6(buffer, IP, protocol, length)
                : Checksum.pseudoHeaderV4(buffer, IP, protocol, length);
    }
}

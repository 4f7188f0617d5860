package dev.culvert.app.rehearsal;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The packets of one TCP flow as a kernel hands them over: a virtio header first. */
final class RehearsalPackets {
    static final String SENDER = "10.0.0.1";
    static final String RECEIVER = "10.0.0.2";

    private static final int SENDER_ADDRESS = 0x0a000001;
    private static final int RECEIVER_ADDRESS = 0x0a000002;
    private static final int HEADERS_BYTES = Ipv4.HEADER_BYTES + Tcp.HEADER_BYTES;
    private static final int SEGMENT_BYTES = 1380;
    private static final int SEGMENTS = 40;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private int sequence = 1;

    /** Writes a super-packet of 40 full segments at offset 0; its length with the virtio header. */
    int data(MemorySegment buffer) {
        int length = SEGMENTS * SEGMENT_BYTES;
        write(buffer, SENDER_ADDRESS, RECEIVER_ADDRESS, length, VirtioNetHeader.GSO_TCPV4);
        sequence += length;
        return VirtioNetHeader.BYTES + HEADERS_BYTES + length;
    }

    /** Writes an acknowledgement at offset 0; its length with the virtio header. */
    int acknowledgement(MemorySegment buffer) {
        write(buffer, RECEIVER_ADDRESS, SENDER_ADDRESS, 0, VirtioNetHeader.GSO_NONE);
        return VirtioNetHeader.BYTES + HEADERS_BYTES;
    }

    private void write(MemorySegment buffer, int from, int to, int payloadBytes, int gsoType) {
        VirtioNetHeader.write(
                buffer,
                0,
                VirtioNetHeader.FLAG_NEEDS_CHECKSUM,
                gsoType,
                HEADERS_BYTES,
                gsoType == VirtioNetHeader.GSO_NONE ? 0 : SEGMENT_BYTES,
                Ipv4.HEADER_BYTES,
                Tcp.CHECKSUM_OFFSET);
        long ip = VirtioNetHeader.BYTES;
        buffer.asSlice(ip, HEADERS_BYTES).fill((byte) 0);
        buffer.set(ValueLayout.JAVA_BYTE, ip, (byte) 0x45);
        buffer.set(SHORT, ip + Ipv4.TOTAL_LENGTH_OFFSET, (short) (HEADERS_BYTES + payloadBytes));
        buffer.set(SHORT, ip + Ipv4.FLAGS_OFFSET, (short) Ipv4.DONT_FRAGMENT);
        buffer.set(ValueLayout.JAVA_BYTE, ip + Ipv4.TTL_OFFSET, (byte) 64);
        buffer.set(ValueLayout.JAVA_BYTE, ip + Ipv4.PROTOCOL_OFFSET, (byte) Tcp.PROTOCOL);
        buffer.set(INT, ip + Ipv4.SOURCE_OFFSET, from);
        buffer.set(INT, ip + Ipv4.DESTINATION_OFFSET, to);
        Ipv4.writeChecksum(buffer, ip, Ipv4.HEADER_BYTES);
        long tcp = ip + Ipv4.HEADER_BYTES;
        buffer.set(SHORT, tcp + Tcp.SOURCE_PORT_OFFSET, (short) 5201);
        buffer.set(SHORT, tcp + Tcp.DESTINATION_PORT_OFFSET, (short) 5201);
        buffer.set(INT, tcp + Tcp.SEQUENCE_OFFSET, sequence);
        buffer.set(SHORT, tcp + Tcp.FLAGS_OFFSET, (short) (5 << 12 | Tcp.ACK));
        buffer.set(SHORT, tcp + Tcp.WINDOW_OFFSET, (short) 0x7fff);
        int pseudo =
                Checksum.pseudoHeaderV4(buffer, ip, Tcp.PROTOCOL, Tcp.HEADER_BYTES + payloadBytes);
        buffer.set(SHORT, tcp + Tcp.CHECKSUM_OFFSET, (short) pseudo);
    }
}

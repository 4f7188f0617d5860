package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A packet behind a virtio header, made field by field, with right checksums. */
final class TestPacket {
    static final int AT = VirtioNetHeader.BYTES;

    final MemorySegment buf = Arena.ofAuto().allocate(AT + 512, 8);
    boolean v4;
    int header;
    int length;

    static TestPacket udp(String from, int port, String to, int toPort) {
        TestPacket packet = ip(from, to, Udp.PROTOCOL, Udp.HEADER_BYTES + 32);
        packet.ports(port, toPort);
        NetworkOrder.put16(packet.buf, packet.transport() + Udp.LENGTH_OFFSET, 40);
        return packet.sealed();
    }

    static TestPacket tcp(String from, int port, String to, int toPort, int flags) {
        TestPacket packet = ip(from, to, Tcp.PROTOCOL, Tcp.HEADER_BYTES + 20);
        packet.ports(port, toPort);
        NetworkOrder.put16(packet.buf, packet.transport() + Tcp.FLAGS_OFFSET, 5 << 12 | flags);
        return packet.sealed();
    }

    /** A SYN with NOPs in front of the MSS option, so many as given. */
    static TestPacket syn(String from, int port, String to, int toPort, int mss, int nops) {
        TestPacket packet = ip(from, to, Tcp.PROTOCOL, Tcp.HEADER_BYTES + 8);
        packet.ports(port, toPort);
        long tcp = packet.transport();
        NetworkOrder.put16(packet.buf, tcp + Tcp.FLAGS_OFFSET, 7 << 12 | Tcp.SYN);
        long option = tcp + Tcp.HEADER_BYTES;
        for (int i = 0; i < nops; i++) {
            NetworkOrder.put8(packet.buf, option++, 1);
        }
        NetworkOrder.put8(packet.buf, option, 2);
        NetworkOrder.put8(packet.buf, option + 1, 4);
        NetworkOrder.put16(packet.buf, option + 2, mss);
        return packet.sealed();
    }

    static TestPacket icmp(String from, String to, int type, int identifier) {
        boolean v4 = !from.contains(":");
        TestPacket packet = ip(from, to, v4 ? Icmp.PROTOCOL_V4 : Icmp.PROTOCOL_V6, 16);
        NetworkOrder.put8(packet.buf, packet.transport(), type);
        NetworkOrder.put16(packet.buf, packet.transport() + 4, identifier);
        return packet.sealed();
    }

    static TestPacket error(String from, String to, int type, int code, TestPacket quoted) {
        boolean v4 = !from.contains(":");
        int bytes = Math.min(quoted.length, quoted.header + 8);
        TestPacket packet =
                ip(from, to, v4 ? Icmp.PROTOCOL_V4 : Icmp.PROTOCOL_V6, Icmp.HEADER_BYTES + bytes);
        NetworkOrder.put16(packet.buf, packet.transport(), type << 8 | code);
        MemorySegment.copy(quoted.buf, AT, packet.buf, packet.transport() + 8, bytes);
        return packet.sealed();
    }

    /** A fragment of a UDP datagram: the first one has its ports. */
    static TestPacket fragment(String from, String to, int id, int offset, boolean more) {
        TestPacket packet = ip(from, to, Udp.PROTOCOL, 64);
        if (offset == 0) {
            packet.ports(5000, 53);
        }
        NetworkOrder.put16(packet.buf, AT + Ipv4.ID_OFFSET, id);
        NetworkOrder.put16(packet.buf, AT + Ipv4.FLAGS_OFFSET, (more ? 0x2000 : 0) | offset >>> 3);
        Ipv4.writeChecksum(packet.buf, AT, Ipv4.HEADER_BYTES);
        return packet;
    }

    private static TestPacket ip(String from, String to, int protocol, int payload) {
        TestPacket packet = new TestPacket();
        MemorySegment buf = packet.buf;
        packet.v4 = !from.contains(":");
        packet.header = packet.v4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES;
        packet.length = packet.header + payload;
        for (int i = packet.header; i < packet.length; i++) {
            NetworkOrder.put8(buf, AT + i, i * 7);
        }
        MemorySegment.copy(new byte[40], 0, buf, ValueLayout.JAVA_BYTE, AT, 40);
        if (packet.v4) {
            NetworkOrder.put8(buf, AT, 0x45);
            NetworkOrder.put16(buf, AT + Ipv4.TOTAL_LENGTH_OFFSET, packet.length);
            NetworkOrder.put8(buf, AT + Ipv4.TTL_OFFSET, 64);
            NetworkOrder.put8(buf, AT + Ipv4.PROTOCOL_OFFSET, protocol);
        } else {
            NetworkOrder.put8(buf, AT, 0x60);
            NetworkOrder.put16(buf, AT + Ipv6.PAYLOAD_LENGTH_OFFSET, payload);
            NetworkOrder.put8(buf, AT + Ipv6.NEXT_HEADER_OFFSET, protocol);
            NetworkOrder.put8(buf, AT + Ipv6.HOP_LIMIT_OFFSET, 64);
        }
        packet.address(packet.v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET, from);
        packet.address(packet.v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET, to);
        return packet;
    }

    private void address(int at, String text) {
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        for (int i = 0; i < bytes.length; i++) {
            NetworkOrder.put8(buf, AT + at + i, bytes[i]);
        }
    }

    private void ports(int source, int destination) {
        NetworkOrder.put16(buf, transport(), source);
        NetworkOrder.put16(buf, transport() + 2, destination);
    }

    long transport() {
        return (long) AT + header;
    }

    int protocol() {
        return v4 ? Ipv4.protocol(buf, AT) : Ipv6.nextHeader(buf, AT);
    }

    private int space() {
        return Space.of(v4, protocol());
    }

    /** Writes the checksums. */
    TestPacket sealed() {
        if (v4) {
            Ipv4.writeChecksum(buf, AT, Ipv4.HEADER_BYTES);
        }
        long field = transport() + Rewriting.checksumOffset(space());
        NetworkOrder.put16(buf, field, 0);
        NetworkOrder.put16(buf, field, Checksum.complementNonZero(transportSum()));
        return this;
    }

    /** As the kernel leaves it: the pseudo header alone is summed. */
    TestPacket partial() {
        int field = Rewriting.checksumOffset(space());
        NetworkOrder.put16(buf, transport() + field, pseudo());
        VirtioNetHeader.write(buf, 0, VirtioNetHeader.FLAG_NEEDS_CHECKSUM, 0, 0, 0, header, field);
        return this;
    }

    private int pseudo() {
        int bytes = length - header;
        if (v4) {
            return Space.isIcmp(space()) ? 0 : Checksum.pseudoHeaderV4(buf, AT, protocol(), bytes);
        }
        return Checksum.pseudoHeaderV6(buf, AT, protocol(), bytes);
    }

    private int transportSum() {
        return Checksum.add(pseudo(), Checksum.sum(buf, transport(), length - header));
    }

    /** Whether the checksums of IP and transport are right, a partial one as a partial one. */
    boolean isRight() {
        boolean ip = !v4 || Checksum.sum(buf, AT, Ipv4.HEADER_BYTES) == 0xffff;
        if (VirtioNetHeader.needsChecksum(buf, 0)) {
            long field = transport() + Rewriting.checksumOffset(space());
            return ip && NetworkOrder.get16(buf, field) == pseudo();
        }
        return ip && transportSum() == 0xffff;
    }

    String source() {
        return text(v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET);
    }

    String destination() {
        return text(v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET);
    }

    private String text(int at) {
        byte[] bytes = new byte[v4 ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) NetworkOrder.get8(buf, AT + at + i);
        }
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    int sourcePort() {
        return NetworkOrder.get16(buf, transport());
    }

    int destinationPort() {
        return NetworkOrder.get16(buf, transport() + 2);
    }

    int identifier() {
        return NetworkOrder.get16(buf, transport() + 4);
    }

    int mss(int nops) {
        return NetworkOrder.get16(buf, transport() + Tcp.HEADER_BYTES + nops + 2);
    }

    /** What an ICMP error quotes. */
    TestPacket quoted() {
        TestPacket packet = new TestPacket();
        packet.v4 = v4;
        packet.header = header;
        packet.length = length - header - 8;
        MemorySegment.copy(buf, transport() + 8, packet.buf, AT, packet.length);
        return packet;
    }
}

package dev.culvert.killswitch.leaktest;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a probe, from the payload outwards. */
final class ProbePacket {
    static final int ETHERTYPE_IPV4 = 0x0800;
    static final int ETHERTYPE_IPV6 = 0x86dd;

    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;
    private static final int TTL = 64;
    private static final int SOURCE_PORT = 40_000;
    private static final int ECHO_REQUEST_V4 = 8;
    private static final int ECHO_REQUEST_V6 = 128;
    private static final byte[] TOKEN =
            "culvert leak test probe".getBytes(StandardCharsets.US_ASCII);

    private ProbePacket() {}

    static int port(Protocol protocol) {
        return switch (protocol) {
            case TCP -> 443;
            case UDP -> 4433;
            case DNS -> 53;
            case ICMP -> 0;
        };
    }

    /** What a datagram socket is given to send. */
    static byte[] payload(Vector vector) {
        return switch (vector.protocol()) {
            case UDP -> TOKEN.clone();
            case DNS -> query();
            case ICMP -> echo(vector.version());
            case TCP -> new byte[0];
        };
    }

    /** From the IP header on. */
    static byte[] packet(Vector vector, InetAddress source, InetAddress destination) {
        byte[] message =
                switch (vector.protocol()) {
                    case TCP -> syn();
                    case UDP, DNS -> datagram(port(vector.protocol()), payload(vector));
                    case ICMP -> echo(vector.version());
                };
        return vector.version() == IpVersion.V4
                ? v4(protocolNumber(vector), message, source, destination)
                : v6(protocolNumber(vector), message, source, destination);
    }

    /** From the Ethernet header on, if the link has any, to everybody on it. */
    static byte[] frame(Vector vector, byte[] macAddress, byte[] packet) {
        if (macAddress.length == 0) {
            return packet;
        }
        return ByteBuffer.allocate(14 + packet.length)
                .put(new byte[] {-1, -1, -1, -1, -1, -1})
                .put(macAddress)
                .putShort((short) etherType(vector.version()))
                .put(packet)
                .array();
    }

    static int etherType(IpVersion version) {
        return version == IpVersion.V4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
    }

    private static int protocolNumber(Vector vector) {
        return switch (vector.protocol()) {
            case TCP -> PROTOCOL_TCP;
            case UDP, DNS -> PROTOCOL_UDP;
            case ICMP ->
                    vector.version() == IpVersion.V4
                            ? ProbeSockets.IPPROTO_ICMP
                            : ProbeSockets.IPPROTO_ICMPV6;
        };
    }

    private static byte[] syn() {
        return ByteBuffer.allocate(20)
                .putShort((short) SOURCE_PORT)
                .putShort((short) port(Protocol.TCP))
                .putInt(1)
                .putInt(0)
                .putShort((short) 0x5002)
                .putShort((short) 0xffff)
                .putInt(0)
                .array();
    }

    private static byte[] datagram(int port, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) SOURCE_PORT)
                .putShort((short) port)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    private static byte[] echo(IpVersion version) {
        int type = version == IpVersion.V4 ? ECHO_REQUEST_V4 : ECHO_REQUEST_V6;
        byte[] message =
                ByteBuffer.allocate(8 + TOKEN.length)
                        .put((byte) type)
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putInt(1)
                        .put(TOKEN)
                        .array();
        if (version == IpVersion.V4) {
            ByteBuffer.wrap(message).putShort(2, checksum(message));
        }
        return message;
    }

    /** For {@code probe.invalid}, an A record (RFC 1035 §4.1). */
    private static byte[] query() {
        return ByteBuffer.allocate(31)
                .putShort((short) 0x6c6b)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .put(new byte[6])
                .put((byte) 5)
                .put("probe".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 7)
                .put("invalid".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .putShort((short) 1)
                .putShort((short) 1)
                .array();
    }

    private static byte[] v4(
            int protocol, byte[] message, InetAddress source, InetAddress destination) {
        byte[] packet =
                ByteBuffer.allocate(20 + message.length)
                        .putShort((short) 0x4500)
                        .putShort((short) (20 + message.length))
                        .putInt(0)
                        .put((byte) TTL)
                        .put((byte) protocol)
                        .putShort((short) 0)
                        .put(source.getAddress())
                        .put(destination.getAddress())
                        .put(message)
                        .array();
        byte[] header = new byte[20];
        System.arraycopy(packet, 0, header, 0, header.length);
        ByteBuffer.wrap(packet).putShort(10, checksum(header));
        return packet;
    }

    private static byte[] v6(
            int protocol, byte[] message, InetAddress source, InetAddress destination) {
        return ByteBuffer.allocate(40 + message.length)
                .putInt(0x60000000)
                .putShort((short) message.length)
                .put((byte) protocol)
                .put((byte) TTL)
                .put(source.getAddress())
                .put(destination.getAddress())
                .put(message)
                .array();
    }

    /** RFC 1071. */
    private static short checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            int low = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
            sum += (bytes[i] & 0xff) << 8 | low;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }
}

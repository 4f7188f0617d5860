package dev.culvert.tun.packet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One TCP or UDP packet, put together field by field: the oracle. Shares no code with what it
 * checks.
 */
public final class TestPacket {
    public boolean v4 = true;
    public boolean tcp = true;
    public byte[] source = {10, 0, 0, 1};
    public byte[] destination = {10, 0, 0, 2};
    public int sourcePort = 40_000;
    public int destinationPort = 443;
    public int trafficClass = 0;
    public int flowLabel = 0;
    public int hopLimit = 64;
    public int id = 1;
    public int fragmentField = 0x4000;
    public byte[] ipOptions = {};
    public int sequence = 1000;
    public int acknowledgment = 77;
    public int flags = Tcp.ACK;
    public int window = 512;
    public int urgent = 0;
    public byte[] tcpOptions = {};
    public byte[] payload = {};

    public static TestPacket random(RandomGenerator random, boolean v4, boolean tcp) {
        TestPacket packet = new TestPacket();
        packet.v4 = v4;
        packet.tcp = tcp;
        packet.source = bytes(random, v4 ? 4 : 16);
        packet.destination = bytes(random, v4 ? 4 : 16);
        packet.sourcePort = random.nextInt(65_536);
        packet.destinationPort = random.nextInt(65_536);
        packet.trafficClass = random.nextInt(256);
        packet.flowLabel = random.nextInt(1 << 20);
        packet.hopLimit = random.nextInt(256);
        packet.id = random.nextInt(65_536);
        packet.fragmentField = random.nextBoolean() ? 0x4000 : 0;
        packet.sequence = random.nextInt();
        packet.acknowledgment = random.nextInt();
        packet.window = random.nextInt(65_536);
        packet.tcpOptions = bytes(random, 4 * random.nextInt(11));
        return packet;
    }

    public static byte[] bytes(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public TestPacket copy() {
        TestPacket copy = new TestPacket();
        copy.v4 = v4;
        copy.tcp = tcp;
        copy.source = source;
        copy.destination = destination;
        copy.sourcePort = sourcePort;
        copy.destinationPort = destinationPort;
        copy.trafficClass = trafficClass;
        copy.flowLabel = flowLabel;
        copy.hopLimit = hopLimit;
        copy.id = id;
        copy.fragmentField = fragmentField;
        copy.ipOptions = ipOptions;
        copy.sequence = sequence;
        copy.acknowledgment = acknowledgment;
        copy.flags = flags;
        copy.window = window;
        copy.urgent = urgent;
        copy.tcpOptions = tcpOptions;
        copy.payload = payload;
        return copy;
    }

    public int transportOffset() {
        return (v4 ? 20 : 40) + ipOptions.length;
    }

    public int headerBytes() {
        return transportOffset() + (tcp ? 20 + tcpOptions.length : 8);
    }

    public int checksumOffset() {
        return tcp ? 16 : 6;
    }

    /** With all checksums right. */
    public byte[] build() {
        return build(false);
    }

    /** With a sum over the pseudo header alone in the transport's checksum field. */
    public byte[] buildWithPartialChecksum() {
        return build(true);
    }

    private byte[] build(boolean partial) {
        byte[] transport = transport();
        byte[] pseudo = pseudoHeader(transport.length);
        int checksum = partial ? NaiveChecksum.sum(pseudo) : NaiveChecksum.of(pseudo, transport);
        if (!tcp && !partial && checksum == 0) {
            checksum = 0xffff;
        }
        ByteBuffer.wrap(transport).putShort(checksumOffset(), (short) checksum);
        byte[] ip = v4 ? ipv4(transport.length) : ipv6(transport.length);
        byte[] packet = Arrays.copyOf(ip, ip.length + transport.length);
        System.arraycopy(transport, 0, packet, ip.length, transport.length);
        return packet;
    }

    private byte[] transport() {
        ByteBuffer out = ByteBuffer.allocate(headerBytes() - transportOffset() + payload.length);
        out.putShort((short) sourcePort).putShort((short) destinationPort);
        if (tcp) {
            int dataOffset = (20 + tcpOptions.length) / 4;
            out.putInt(sequence).putInt(acknowledgment);
            out.putShort((short) (dataOffset << 12 | flags)).putShort((short) window);
            out.putShort((short) 0).putShort((short) urgent).put(tcpOptions);
        } else {
            out.putShort((short) out.capacity()).putShort((short) 0);
        }
        return out.put(payload).array();
    }

    private byte[] pseudoHeader(int transportBytes) {
        ByteBuffer out = ByteBuffer.allocate(2 * source.length + 8);
        return out.put(source).put(destination).putInt(transportBytes).putInt(tcp ? 6 : 17).array();
    }

    private byte[] ipv4(int transportBytes) {
        int headerBytes = 20 + ipOptions.length;
        ByteBuffer out = ByteBuffer.allocate(headerBytes);
        out.put((byte) (0x40 | headerBytes / 4)).put((byte) trafficClass);
        out.putShort((short) (headerBytes + transportBytes)).putShort((short) id);
        out.putShort((short) fragmentField).put((byte) hopLimit).put((byte) (tcp ? 6 : 17));
        out.putShort((short) 0).put(source).put(destination).put(ipOptions);
        return out.putShort(10, (short) NaiveChecksum.of(out.array())).array();
    }

    private byte[] ipv6(int transportBytes) {
        ByteBuffer out = ByteBuffer.allocate(40 + ipOptions.length);
        out.putInt(6 << 28 | trafficClass << 20 | flowLabel);
        out.putShort((short) (ipOptions.length + transportBytes));
        out.put((byte) (ipOptions.length > 0 ? Ipv6.DESTINATION_OPTIONS : tcp ? 6 : 17));
        out.put((byte) hopLimit).put(source).put(destination);
        if (ipOptions.length > 0) {
            byte[] options = ipOptions.clone();
            options[0] = (byte) (tcp ? 6 : 17);
            options[1] = (byte) (options.length / 8 - 1);
            out.put(options);
        }
        return out.array();
    }

    /** The packets that a sender without any offload would have sent instead of this one. */
    public List<TestPacket> segments(int gsoSize) {
        List<TestPacket> segments = new ArrayList<>();
        for (int at = 0; at == 0 || at < payload.length; at += gsoSize) {
            TestPacket segment = copy();
            int end = Math.min(payload.length, at + gsoSize);
            segment.payload = Arrays.copyOfRange(payload, at, end);
            segment.sequence = sequence + at;
            segment.id = id + segments.size() & 0xffff;
            if (at > 0) {
                segment.flags &= ~Tcp.CWR;
            }
            if (end < payload.length) {
                segment.flags &= ~(Tcp.FIN | Tcp.PSH);
            }
            segments.add(segment);
        }
        return segments;
    }

    @Override
    public String toString() {
        return (v4 ? "v4 " : "v6 ")
                + (tcp ? "tcp seq " + Integer.toUnsignedString(sequence) : "udp")
                + (" id " + id + " flags " + Integer.toHexString(flags))
                + (" payload " + payload.length);
    }
}

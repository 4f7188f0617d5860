package dev.culvert.datapath;

import java.nio.ByteBuffer;

/** Inner packets for tests. */
final class Packets {
    private Packets() {}

    /** UDP from 10.82.0.1 to 10.81.0.1 with {@code length} bytes in all; the payload counts up. */
    static byte[] ipv4(int length) {
        return ipv4(0x0a520001, 0x0a510001, length, 0);
    }

    static byte[] ipv4(int source, int destination, int length, int tos) {
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.putShort((short) (0x4500 | tos)).putShort((short) length).putInt(0);
        packet.putShort((short) 0x4011).putShort((short) 0).putInt(source).putInt(destination);
        packet.putShort(10, headerChecksum(packet));
        fill(packet);
        return packet.array();
    }

    static byte[] ipv6(int length, int trafficClass) {
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.putInt(6 << 28 | trafficClass << 20).putShort((short) (length - 40));
        packet.putShort((short) 0x1140);
        packet.putLong(0xfd82L << 48).putLong(1).putLong(0xfd81L << 48).putLong(1);
        fill(packet);
        return packet.array();
    }

    private static void fill(ByteBuffer packet) {
        for (int i = 0; packet.hasRemaining(); i++) {
            packet.put((byte) i);
        }
    }

    private static short headerChecksum(ByteBuffer packet) {
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }
}

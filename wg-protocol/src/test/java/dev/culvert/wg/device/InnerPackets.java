package dev.culvert.wg.device;

import java.nio.ByteBuffer;

/** Inner packets between 192.168.0.x, with a number as payload. */
final class InnerPackets {
    static final int HEADER = 20;

    private InnerPackets() {}

    /** An IPv4 packet of {@code length} bytes, at least 28. */
    static byte[] ipv4(int sourceHost, int destinationHost, int length, long number) {
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.put(0, (byte) 0x45);
        packet.putShort(2, (short) length);
        packet.putInt(12, 0xc0a8_0000 | sourceHost);
        packet.putInt(16, 0xc0a8_0000 | destinationHost);
        packet.putLong(HEADER, number);
        return packet.array();
    }

    static long number(byte[] packet) {
        return ByteBuffer.wrap(packet).getLong(HEADER);
    }
}

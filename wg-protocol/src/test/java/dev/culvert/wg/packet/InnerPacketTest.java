package dev.culvert.wg.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class InnerPacketTest {
    private static int totalLength(byte[] packet, int length) {
        return InnerPacket.totalLength(MemorySegment.ofArray(packet), 0, length);
    }

    private static byte[] ipv4(int totalLength, int length) {
        return ByteBuffer.allocate(length)
                .put(0, (byte) 0x45)
                .putShort(2, (short) totalLength)
                .array();
    }

    private static byte[] ipv6(int payloadLength, int length) {
        return ByteBuffer.allocate(length)
                .put(0, (byte) 0x60)
                .putShort(4, (short) payloadLength)
                .array();
    }

    @Test
    void paddingBehindThePacketIsNotPartOfIt() {
        assertEquals(30, totalLength(ipv4(30, 32), 32));
        assertEquals(45, totalLength(ipv6(5, 48), 48));
        assertEquals(65_535, totalLength(ipv4(65_535, 65_536), 65_536));
    }

    @Test
    void aLengthBeyondWhatIsThereIsRefused() {
        assertEquals(DropReason.INNER_LENGTH.code(), totalLength(ipv4(33, 32), 32));
        assertEquals(DropReason.INNER_LENGTH.code(), totalLength(ipv6(9, 48), 48));
        assertEquals(DropReason.INNER_LENGTH.code(), totalLength(ipv6(65_535, 48), 48));
    }

    @Test
    void aLengthBelowTheHeaderIsRefused() {
        assertEquals(DropReason.INNER_LENGTH.code(), totalLength(ipv4(19, 32), 32));
        assertEquals(DropReason.INNER_LENGTH.code(), totalLength(ipv4(0, 32), 32));
    }

    @Test
    void everyOtherVersionIsRefused() {
        for (int version = 0; version < 16; version++) {
            byte[] packet = ipv4(60, 60);
            packet[0] = (byte) (version << 4);
            boolean known = version == 4 || version == 6;
            assertEquals(!known, totalLength(packet, 60) == DropReason.INNER_NOT_IP.code());
        }
    }

    @Test
    void lessThanAHeaderIsRefused() {
        for (int length = 0; length < 20; length++) {
            assertEquals(DropReason.INNER_NOT_IP.code(), totalLength(ipv4(20, 60), length));
        }
        for (int length = 0; length < 40; length++) {
            assertEquals(DropReason.INNER_NOT_IP.code(), totalLength(ipv6(0, 60), length));
        }
    }

    @Test
    void addressesAreNumbersWithTheFirstByteOnTop() {
        MemorySegment packet =
                MemorySegment.ofArray(
                        ByteBuffer.allocate(48)
                                .putInt(8 + 12, 0x0a010203)
                                .putInt(8 + 16, 0xc0a80001)
                                .array());
        assertEquals(0x0a010203, InnerPacket.source4(packet, 8));
        assertEquals(0xc0a80001, InnerPacket.destination4(packet, 8));
        MemorySegment packet6 =
                MemorySegment.ofArray(
                        ByteBuffer.allocate(41)
                                .putLong(1 + 8, 1)
                                .putLong(1 + 16, 2)
                                .putLong(1 + 24, 3)
                                .putLong(1 + 32, 4)
                                .array());
        assertEquals(1, InnerPacket.source6Hi(packet6, 1));
        assertEquals(2, InnerPacket.source6Lo(packet6, 1));
        assertEquals(3, InnerPacket.destination6Hi(packet6, 1));
        assertEquals(4, InnerPacket.destination6Lo(packet6, 1));
    }

    @Test
    void randomBytesNeverThrowAndNeverClaimMoreThanIsThere() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200_000; i++) {
            byte[] packet = new byte[random.nextInt(64)];
            random.nextBytes(packet);
            int total = totalLength(packet, packet.length);
            assertTrue(total < 0 || (total >= 20 && total <= packet.length));
        }
    }
}

package dev.culvert.datapath.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnreachableTest {
    private static final int UDP = 17;
    private static final int SOURCE = 0x0a510001;
    private static final int DESTINATION = 0xc0000201;

    private final MemorySegment packet = Arena.ofAuto().allocate(2000, 8);
    private final MemorySegment out = Arena.ofAuto().allocate(2000, 8);

    private void ipv4(int protocol, int length) {
        NetworkOrder.put16(packet, 0, 0x4500);
        NetworkOrder.put16(packet, Ipv4.TOTAL_LENGTH_OFFSET, length);
        NetworkOrder.put8(packet, Ipv4.TTL_OFFSET, 64);
        NetworkOrder.put8(packet, Ipv4.PROTOCOL_OFFSET, protocol);
        NetworkOrder.put32(packet, Ipv4.SOURCE_OFFSET, SOURCE);
        NetworkOrder.put32(packet, Ipv4.DESTINATION_OFFSET, DESTINATION);
    }

    private void ipv6(int nextHeader, int length) {
        NetworkOrder.put32(packet, 0, 6 << 28);
        NetworkOrder.put16(packet, Ipv6.PAYLOAD_LENGTH_OFFSET, length - Ipv6.HEADER_BYTES);
        NetworkOrder.put8(packet, Ipv6.NEXT_HEADER_OFFSET, nextHeader);
        NetworkOrder.put64(packet, Ipv6.SOURCE_OFFSET, 0xfd81L << 48);
        NetworkOrder.put64(packet, Ipv6.SOURCE_OFFSET + 8, 1);
        NetworkOrder.put64(packet, Ipv6.DESTINATION_OFFSET, 0x20010db8L << 32);
        NetworkOrder.put64(packet, Ipv6.DESTINATION_OFFSET + 8, 2);
    }

    private int build(int length) {
        return Unreachable.build(Unreachable.Code.UNREACHABLE, packet, 0, length, out, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {28, 100, 547, 548, 549, 1420})
    void answersIpv4WithHostUnreachableAndAsMuchOfThePacketAsFits(int length) {
        ipv4(UDP, length);
        packet.asSlice(20, length - 20).fill((byte) 7);
        int quoted = Math.min(length, 548);
        assertEquals(28 + quoted, build(length));
        assertEquals(28 + quoted, Ipv4.totalLength(out, 0));
        assertEquals(0xffff, Checksum.sum(out, 0, Ipv4.HEADER_BYTES));
        assertEquals(DESTINATION, Ipv4.source(out, 0));
        assertEquals(SOURCE, Ipv4.destination(out, 0));
        assertEquals(Icmp.PROTOCOL_V4, Ipv4.protocol(out, 0));
        assertEquals(0x0301, NetworkOrder.get16(out, 20));
        assertEquals(0, NetworkOrder.get32(out, 24));
        assertEquals(0xffff, Checksum.sum(out, 20, 8 + quoted));
        assertEquals(-1, packet.asSlice(0, quoted).mismatch(out.asSlice(28, quoted)));
    }

    @ParameterizedTest
    @ValueSource(ints = {48, 1231, 1232, 1420})
    void answersIpv6WithAddressUnreachable(int length) {
        ipv6(UDP, length);
        int quoted = Math.min(length, 1232);
        assertEquals(48 + quoted, build(length));
        assertEquals(8 + quoted, Ipv6.payloadLength(out, 0));
        assertEquals(2, NetworkOrder.get64(out, Ipv6.SOURCE_OFFSET + 8));
        assertEquals(1, NetworkOrder.get64(out, Ipv6.DESTINATION_OFFSET + 8));
        assertEquals(0x0103, NetworkOrder.get16(out, 40));
        int pseudo = Checksum.pseudoHeaderV6(out, 0, Icmp.PROTOCOL_V6, 8 + quoted);
        assertEquals(0xffff, Checksum.add(pseudo, Checksum.sum(out, 40, 8 + quoted)));
        assertEquals(-1, packet.asSlice(0, quoted).mismatch(out.asSlice(48, quoted)));
    }

    @Test
    void answersAPing() {
        ipv4(Icmp.PROTOCOL_V4, 84);
        NetworkOrder.put8(packet, 20, 8);
        assertTrue(build(84) > 0);
        ipv6(Icmp.PROTOCOL_V6, 104);
        NetworkOrder.put8(packet, 40, 128);
        assertTrue(build(104) > 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 11, 12})
    void doesNotAnswerAnIcmpError(int type) {
        ipv4(Icmp.PROTOCOL_V4, 84);
        NetworkOrder.put8(packet, 20, type);
        assertEquals(0, build(84));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 127})
    void doesNotAnswerAnIcmpv6Error(int type) {
        ipv6(Icmp.PROTOCOL_V6, 104);
        NetworkOrder.put8(packet, 40, type);
        assertEquals(0, build(104));
    }

    @Test
    void doesNotAnswerALaterFragment() {
        ipv4(UDP, 100);
        NetworkOrder.put16(packet, Ipv4.FLAGS_OFFSET, 0x2000);
        assertTrue(build(100) > 0, "the first fragment is answered");
        NetworkOrder.put16(packet, Ipv4.FLAGS_OFFSET, 0x2001);
        assertEquals(0, build(100));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xe0000001, 0xffffffff, 0xf0000001, 0})
    void doesNotAnswerWhatIsNotSentToOrFromAUnicastAddress(int address) {
        ipv4(UDP, 100);
        NetworkOrder.put32(packet, Ipv4.DESTINATION_OFFSET, address);
        assertEquals(0, build(100));
        ipv4(UDP, 100);
        NetworkOrder.put32(packet, Ipv4.SOURCE_OFFSET, address);
        assertEquals(0, build(100));
    }

    @Test
    void doesNotAnswerMulticastOrTheUnspecifiedAddressOfIpv6() {
        ipv6(UDP, 100);
        NetworkOrder.put8(packet, Ipv6.DESTINATION_OFFSET, 0xff);
        assertEquals(0, build(100));
        ipv6(UDP, 100);
        NetworkOrder.put64(packet, Ipv6.SOURCE_OFFSET, 0);
        NetworkOrder.put64(packet, Ipv6.SOURCE_OFFSET + 8, 0);
        assertEquals(0, build(100));
    }

    @Test
    void takesAnyBytesOfAnyLength() {
        Random random = new Random(6040);
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextInt(120);
            MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, length));
            for (int b = 0; b < length; b++) {
                NetworkOrder.put8(bytes, b, random.nextInt(256));
            }
            if (length > 0 && random.nextBoolean()) {
                NetworkOrder.put8(bytes, 0, random.nextBoolean() ? 0x45 : 0x60);
            }
            int built = Unreachable.build(Unreachable.Code.UNREACHABLE, bytes, 0, length, out, 0);
            assertTrue(built >= 0 && built <= Unreachable.MAX_V6_BYTES);
        }
    }
}

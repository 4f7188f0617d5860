package dev.culvert.tun.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {
    private static final Arena ARENA = Arena.ofAuto();

    private static MemorySegment nativeCopy(byte[] bytes, int shift) {
        MemorySegment segment = ARENA.allocate(bytes.length + 64L, 64);
        segment.fill((byte) 0xa5);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, shift, bytes.length);
        return segment;
    }

    @Test
    void sumsTheExampleOfRfc1071() {
        byte[] example = HexFormat.of().parseHex("0001f203f4f5f6f7");
        assertEquals(0xddf2, Checksum.sum(nativeCopy(example, 0), 0, 8));
    }

    @Test
    void givesTheChecksumOfAPublishedIpv4Header() {
        byte[] header = HexFormat.of().parseHex("450000730000400040110000c0a80001c0a800c7");
        MemorySegment segment = nativeCopy(header, 0);
        Ipv4.writeChecksum(segment, 0, 20);
        assertEquals(0xb861, NetworkOrder.get16(segment, Ipv4.CHECKSUM_OFFSET));
        assertEquals(0xffff, Checksum.sum(segment, 0, 20));
    }

    @Test
    void agreesWithTheNaiveSumForEveryLengthAndAlignment() {
        Random random = new Random(1);
        for (int length = 0; length <= 200; length++) {
            for (int shift = 0; shift < 9; shift++) {
                byte[] bytes = TestPacket.bytes(random, length);
                int expected = NaiveChecksum.sum(bytes);
                int actual = Checksum.sum(nativeCopy(bytes, shift), shift, length);
                assertEquals(expected, actual, "length " + length + " shift " + shift);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1420, 1421, 9000, 65_535})
    void losesNoCarryInLongRunsOfOnes(int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xff);
        assertEquals(NaiveChecksum.sum(ones), Checksum.sum(nativeCopy(ones, 10), 10, length));
    }

    @Test
    void foldsSumsOfAnySize() {
        assertEquals(0, Checksum.fold(0));
        assertEquals(0xffff, Checksum.fold(0xffff));
        assertEquals(1, Checksum.fold(0x10000));
        assertEquals(0xffff, Checksum.fold(0xffff_ffffL));
        assertEquals(0xffff, Checksum.fold(0x7fff_ffff_ffff_8000L));
    }

    @Test
    void updatesAsIfComputedAnew() {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = TestPacket.bytes(random, 40);
            MemorySegment segment = nativeCopy(bytes, 0);
            int before = Checksum.complement(Checksum.sum(segment, 0, 40));
            int old16 = NetworkOrder.get16(segment, 6);
            int new16 = random.nextInt(65_536);
            NetworkOrder.put16(segment, 6, new16);
            int updated = Checksum.update16(before, old16, new16);
            assertEquals(Checksum.complement(Checksum.sum(segment, 0, 40)), updated);
            int old32 = NetworkOrder.get32(segment, 10);
            int new32 = random.nextInt();
            NetworkOrder.put32(segment, 10, new32);
            updated = Checksum.update32(updated, old32, new32);
            assertEquals(Checksum.complement(Checksum.sum(segment, 0, 40)), updated);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void coversAddressesProtocolAndLength(boolean v4) {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            TestPacket packet = TestPacket.random(random, v4, random.nextBoolean());
            packet.payload = TestPacket.bytes(random, random.nextInt(3000));
            byte[] bytes = packet.build();
            MemorySegment segment = nativeCopy(bytes, 0);
            int at = packet.transportOffset();
            int length = bytes.length - at;
            int protocol = packet.tcp ? 6 : 17;
            int pseudo =
                    v4
                            ? Checksum.pseudoHeaderV4(segment, 0, protocol, length)
                            : Checksum.pseudoHeaderV6(segment, 0, protocol, length);
            int sum = Checksum.add(pseudo, Checksum.sum(segment, at, length));
            assertEquals(0xffff, sum);
        }
    }
}

package dev.culvert.tun.gso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.TestPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The splitter over garbage. The buffer given to it ends where padding may end: an access beyond is
 * an exception, and fails the test.
 */
class GsoSplitterHostileInputTest {
    private final GsoSplitter splitter = new GsoSplitter();
    private final Set<GsoRejection> seen = EnumSet.noneOf(GsoRejection.class);
    private int split;

    private void drive(Arena arena, byte[] read) {
        MemorySegment buffer = arena.allocate((long) read.length + GsoSplitter.MAX_PADDING_BYTES);
        MemorySegment.copy(MemorySegment.ofArray(read), 0, buffer, 0, read.length);
        int count = splitter.begin(buffer, 0, read.length);
        if (count < 0) {
            seen.add(GsoRejection.of(count));
            return;
        }
        int made = 0;
        while (splitter.next()) {
            made++;
            assertTrue(splitter.packetOffset() >= 10);
            assertTrue(splitter.packetOffset() + splitter.packetLength() <= read.length);
            splitter.pad((splitter.packetLength() + 15) & ~15);
        }
        assertEquals(count, made);
        split++;
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 16; i++) {
            TestPacket packet = TestPacket.random(random, (i & 1) == 0, (i & 2) == 0);
            packet.payload = TestPacket.bytes(random, 300);
            packet.ipOptions = new byte[(i & 4) == 0 ? 0 : 16];
            seeds.add(SplitOracle.superPacket(packet, 64, 0));
        }
        TestPacket plain = TestPacket.random(random, true, true);
        plain.payload = new byte[200];
        seeds.add(SplitOracle.read(1, 0, 0, 0, 20, 16, plain.buildWithPartialChecksum()));
        return seeds;
    }

    @Test
    void survivesEveryTruncation() {
        for (byte[] seed : seeds().subList(0, 16)) {
            try (Arena arena = Arena.ofConfined()) {
                for (int length = 0; length <= seed.length; length++) {
                    drive(arena, Arrays.copyOf(seed, length));
                }
            }
        }
        assertEquals(16, split);
    }

    @Test
    void survivesFlippedBytesInTheHeaders() {
        Random random = new Random(2);
        List<byte[]> seeds = seeds();
        for (int i = 0; i < 100_000; i++) {
            byte[] read = seeds.get(i % seeds.size()).clone();
            int flips = 1 + random.nextInt(4);
            for (int f = 0; f < flips; f++) {
                read[random.nextInt(110)] = (byte) random.nextInt(256);
            }
            try (Arena arena = Arena.ofConfined()) {
                drive(arena, read);
            }
        }
        assertTrue(split > 1000 && split < 99_000, () -> "split " + split);
        EnumSet<GsoRejection> missing = EnumSet.allOf(GsoRejection.class);
        missing.removeAll(seen);
        missing.remove(GsoRejection.TOO_LONG);
        missing.remove(GsoRejection.ROUTING_HEADER);
        assertEquals(EnumSet.noneOf(GsoRejection.class), missing);
    }

    @Test
    void survivesRandomBytes() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            byte[] read = TestPacket.bytes(random, random.nextInt(200));
            if (read.length > 10) {
                read[1] = (byte) random.nextInt(6);
                read[10] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
            }
            try (Arena arena = Arena.ofConfined()) {
                drive(arena, read);
            }
        }
        assertTrue(split > 1000);
    }
}

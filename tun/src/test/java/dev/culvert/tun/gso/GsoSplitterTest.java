package dev.culvert.tun.gso;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.TestPacket;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GsoSplitterTest {
    private final GsoSplitter splitter = new GsoSplitter();

    private void assertSplitsLikeOracle(TestPacket packet, int gsoSize, byte[] read) {
        List<byte[]> actual = SplitOracle.split(splitter, read);
        List<TestPacket> expected = packet.segments(gsoSize);
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < actual.size(); i++) {
            String what = "segment " + i + " of " + packet;
            assertArrayEquals(expected.get(i).build(), actual.get(i), what);
        }
    }

    private static TestPacket withPayload(int bytes) {
        TestPacket packet = new TestPacket();
        packet.payload = TestPacket.bytes(new Random(bytes), bytes);
        return packet;
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void splitsRandomSuperPacketsLikeTheOracle(boolean v4, boolean tcp) {
        Random random = new Random(v4 ? 4 : 6);
        for (int i = 0; i < 1500; i++) {
            TestPacket packet = TestPacket.random(random, v4, tcp);
            packet.fragmentField &= 0x4000;
            packet.flags = random.nextInt(256);
            if (random.nextInt(4) == 0) {
                int most = v4 ? 10 : 30;
                packet.ipOptions = new byte[(v4 ? 4 : 8) * random.nextInt(most)];
            }
            int room = 65_535 - packet.headerBytes();
            packet.payload = TestPacket.bytes(random, random.nextInt(i % 4 == 0 ? room : 6000));
            int gsoSize = 1 + random.nextInt(i % 3 == 0 ? 60 : 2000);
            int ecn = random.nextInt(2) * VirtioNetHeader.GSO_ECN;
            assertSplitsLikeOracle(
                    packet, gsoSize, SplitOracle.superPacket(packet, gsoSize, tcp ? ecn : 0));
        }
    }

    @Test
    void splitsTheLargestSuperPacketOfEachFamily() {
        for (boolean v4 : new boolean[] {true, false}) {
            TestPacket packet = TestPacket.random(new Random(9), v4, true);
            int room = v4 ? 65_535 - packet.headerBytes() : 65_575 - packet.headerBytes();
            packet.payload = TestPacket.bytes(new Random(10), room);
            assertSplitsLikeOracle(packet, 1380, SplitOracle.superPacket(packet, 1380, 0));
        }
    }

    @Test
    void doesNotReadTheHeaderLengthHint() {
        TestPacket packet = withPayload(5000);
        for (int hint : new int[] {0, 1, 39, 41, 0xffff}) {
            byte[] read =
                    SplitOracle.read(
                            1,
                            VirtioNetHeader.GSO_TCPV4,
                            hint,
                            1000,
                            20,
                            16,
                            packet.buildWithPartialChecksum());
            assertSplitsLikeOracle(packet, 1000, read);
        }
    }

    @Test
    void computesChecksumsEvenWhenNoneIsOwed() {
        TestPacket packet = withPayload(5000);
        byte[] read =
                SplitOracle.read(0, VirtioNetHeader.GSO_TCPV4, 40, 1000, 0, 0, packet.build());
        assertSplitsLikeOracle(packet, 1000, read);
    }

    @Test
    void setsCwrOnTheFirstAndPushAndFinOnTheLastSegmentOnly() {
        TestPacket packet = withPayload(3000);
        packet.flags = Tcp.ACK | Tcp.PSH | Tcp.FIN | Tcp.CWR | Tcp.ECE;
        byte[] read = SplitOracle.superPacket(packet, 1000, VirtioNetHeader.GSO_ECN);
        List<byte[]> segments = SplitOracle.split(splitter, read);
        assertEquals(Tcp.ACK | Tcp.ECE | Tcp.CWR, segments.get(0)[33] & 0xff);
        assertEquals(Tcp.ACK | Tcp.ECE, segments.get(1)[33] & 0xff);
        assertEquals(Tcp.ACK | Tcp.ECE | Tcp.PSH | Tcp.FIN, segments.get(2)[33] & 0xff);
    }

    @Test
    void trustsThePartialChecksumBehindARoutingHeaderWithSegmentsLeft() {
        TestPacket packet = withPayload(2500);
        packet.v4 = false;
        packet.source = TestPacket.bytes(new Random(1), 16);
        packet.destination = TestPacket.bytes(new Random(2), 16);
        byte[] finalDestination = packet.destination;
        byte[] firstHop = TestPacket.bytes(new Random(3), 16);
        packet.ipOptions = new byte[24];
        System.arraycopy(finalDestination, 0, packet.ipOptions, 8, 16);
        byte[] read = routed(SplitOracle.superPacket(packet, 1000, 0), 10, firstHop);
        List<byte[]> actual = SplitOracle.split(splitter, read);
        List<TestPacket> expected = packet.segments(1000);
        for (int i = 0; i < 3; i++) {
            byte[] segment = routed(expected.get(i).build(), 0, firstHop);
            assertArrayEquals(segment, actual.get(i));
        }
        read[0] = 0;
        assertRejected(GsoRejection.ROUTING_HEADER, read);
    }

    private static byte[] routed(byte[] packet, int at, byte[] firstHop) {
        packet[at + Ipv6.NEXT_HEADER_OFFSET] = Ipv6.ROUTING;
        packet[at + 40 + 2] = 2;
        packet[at + 40 + 3] = 1;
        System.arraycopy(firstHop, 0, packet, at + Ipv6.DESTINATION_OFFSET, 16);
        return packet;
    }

    private void assertRejected(GsoRejection reason, byte[] read) {
        MemorySegment buffer = Arena.ofAuto().allocate(Math.max(1, read.length));
        MemorySegment.copy(MemorySegment.ofArray(read), 0, buffer, 0, read.length);
        int code = splitter.begin(buffer, 0, read.length);
        assertTrue(code < 0, () -> "not rejected: " + reason);
        assertEquals(reason, GsoRejection.of(code));
        assertFalse(splitter.next());
        assertArrayEquals(read, buffer.asSlice(0, read.length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Nested
    class PlainPackets {
        @ParameterizedTest
        @CsvSource({"true,true", "true,false", "false,true", "false,false"})
        void getTheChecksumThatIsOwed(boolean v4, boolean tcp) {
            Random random = new Random(5);
            for (int i = 0; i < 500; i++) {
                TestPacket packet = TestPacket.random(random, v4, tcp);
                packet.payload = TestPacket.bytes(random, random.nextInt(1500));
                byte[] read =
                        SplitOracle.read(
                                1,
                                0,
                                0,
                                0,
                                packet.transportOffset(),
                                packet.checksumOffset(),
                                packet.buildWithPartialChecksum());
                List<byte[]> packets = SplitOracle.split(splitter, read);
                assertArrayEquals(packet.build(), packets.getFirst());
            }
        }

        @Test
        void stayAsTheyAreWhenNothingIsOwed() {
            byte[] packet = TestPacket.bytes(new Random(6), 333);
            byte[] read = SplitOracle.read(0, 0, 9, 9, 9, 9, packet);
            assertArrayEquals(packet, SplitOracle.split(splitter, read).getFirst());
        }

        @Test
        void mayBeBegunTwice() {
            TestPacket packet = withPayload(100);
            byte[] read = SplitOracle.read(1, 0, 0, 0, 20, 16, packet.buildWithPartialChecksum());
            MemorySegment buffer = Arena.ofAuto().allocate(read.length);
            MemorySegment.copy(MemorySegment.ofArray(read), 0, buffer, 0, read.length);
            splitter.begin(buffer, 0, read.length);
            splitter.begin(buffer, 0, read.length);
            assertArrayEquals(packet.build(), buffer.asSlice(10).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Nested
    class Rejects {
        private byte[] read(int type, int gsoSize, byte[] packet) {
            return SplitOracle.read(1, type, 40, gsoSize, 20, 16, packet);
        }

        private final byte[] good = withPayload(3000).buildWithPartialChecksum();

        @Test
        void readsWithoutAPacket() {
            assertRejected(GsoRejection.TRUNCATED, new byte[0]);
            assertRejected(GsoRejection.TRUNCATED, new byte[10]);
        }

        @Test
        void moreThanAnIpPacketCanHold() {
            assertRejected(GsoRejection.TOO_LONG, new byte[10 + 65_576]);
        }

        @Test
        void typesThatAreNotAskedForOrDoNotFit() {
            assertRejected(GsoRejection.TYPE, read(VirtioNetHeader.GSO_UDP, 1000, good));
            assertRejected(GsoRejection.TYPE, read(2, 1000, good));
            assertRejected(GsoRejection.TYPE, read(0x7f, 1000, good));
            assertRejected(GsoRejection.TYPE, read(VirtioNetHeader.GSO_TCPV6, 1000, good));
            byte[] noIp = good.clone();
            noIp[0] = 0x55;
            assertRejected(GsoRejection.TYPE, read(VirtioNetHeader.GSO_UDP_L4, 1000, noIp));
        }

        @Test
        void aGsoSizeOfZero() {
            assertRejected(GsoRejection.SIZE, read(VirtioNetHeader.GSO_TCPV4, 0, good));
        }

        @Test
        void checksumsOutsideOfThePacket() {
            byte[] packet = new byte[100];
            int[][] ranges = {{100, 0}, {84, 16}, {0, 99}, {0xffff, 0xffff}, {0, 0xffff}};
            for (int[] range : ranges) {
                byte[] read = SplitOracle.read(1, 0, 0, 0, range[0], range[1], packet);
                assertRejected(GsoRejection.CHECKSUM_RANGE, read);
            }
        }

        @Test
        void headersThatContradictThePacket() {
            byte[] packet = good.clone();
            packet[0] = 0x44;
            assertRejected(GsoRejection.IP_HEADER, read(1, 1000, packet));
            packet = good.clone();
            packet[3]++;
            assertRejected(GsoRejection.LENGTH, read(1, 1000, packet));
            packet = good.clone();
            packet[6] = 0x20;
            assertRejected(GsoRejection.FRAGMENT, read(1, 1000, packet));
            assertRejected(GsoRejection.PROTOCOL, read(VirtioNetHeader.GSO_UDP_L4, 1000, good));
            packet = good.clone();
            packet[32] = 0x40;
            assertRejected(GsoRejection.TRANSPORT_HEADER, read(1, 1000, packet));
            TestPacket small = withPayload(3);
            packet = small.buildWithPartialChecksum();
            packet[32] = (byte) 0xf0;
            assertRejected(GsoRejection.TRUNCATED, read(1, 1000, packet));
        }

        @Test
        void extensionHeadersWithoutEnd() {
            TestPacket packet = withPayload(2000);
            packet.v4 = false;
            packet.source = new byte[16];
            packet.destination = new byte[16];
            packet.ipOptions = new byte[8];
            byte[] bytes = packet.buildWithPartialChecksum();
            bytes[41] = (byte) 0xff;
            assertRejected(GsoRejection.TRUNCATED, read(4, 1000, bytes));
            bytes[41] = 60;
            assertRejected(GsoRejection.IP_HEADER, read(4, 1000, bytes));
            bytes[41] = 0;
            bytes[40] = Ipv6.FRAGMENT;
            assertRejected(GsoRejection.FRAGMENT, read(4, 1000, bytes));
        }
    }

    @Nested
    class Padding {
        @Test
        void isTakenBackWhenChanged() {
            byte[] read = SplitOracle.superPacket(withPayload(200), 100, 0);
            MemorySegment buffer = Arena.ofAuto().allocate(read.length + 16L);
            MemorySegment.copy(MemorySegment.ofArray(read), 0, buffer, 0, read.length);
            splitter.begin(buffer, 0, read.length);
            splitter.next();
            splitter.pad(144);
            splitter.pad(140);
            splitter.next();
            byte[] expected = withPayload(200).segments(100).get(1).build();
            assertArrayEquals(
                    expected,
                    buffer.asSlice(splitter.packetOffset(), splitter.packetLength())
                            .toArray(ValueLayout.JAVA_BYTE));
        }

        @Test
        void ofMoreThanFifteenBytesIsABug() {
            byte[] read = SplitOracle.superPacket(withPayload(200), 100, 0);
            MemorySegment buffer = Arena.ofAuto().allocate(read.length + 16L);
            MemorySegment.copy(MemorySegment.ofArray(read), 0, buffer, 0, read.length);
            splitter.begin(buffer, 0, read.length);
            splitter.next();
            assertThrows(IllegalArgumentException.class, () -> splitter.pad(140 + 16));
            assertThrows(IllegalArgumentException.class, () -> splitter.pad(139));
        }
    }
}

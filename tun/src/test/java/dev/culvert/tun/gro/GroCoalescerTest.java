package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.TestPacket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroCoalescerTest {
    private final GroOracle oracle = new GroOracle(true, true);

    /** Segments of one flow, each of {@code size} payload bytes. */
    private static List<TestPacket> flow(boolean v4, boolean tcp, int size, int count) {
        TestPacket packet = TestPacket.random(new Random(count), v4, tcp);
        packet.payload = TestPacket.bytes(new Random(size), size * count);
        return packet.segments(size);
    }

    private static List<byte[]> build(List<TestPacket> packets) {
        return packets.stream().map(TestPacket::build).toList();
    }

    private static void assertSamePackets(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "packet " + i);
        }
    }

    /** Sends three packets of which the last two were changed, and counts the writes. */
    private int writesAfter(boolean v4, boolean tcp, Consumer<TestPacket> change) {
        List<TestPacket> packets = flow(v4, tcp, 1000, 3);
        change.accept(packets.get(1));
        change.accept(packets.get(2));
        List<byte[]> built = build(packets);
        List<byte[]> writes = oracle.send(built);
        assertSamePackets(built, oracle.splitAll(writes));
        return writes.size();
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void writesARunAsOneSuperPacket(boolean v4, boolean tcp) {
        List<byte[]> packets = build(flow(v4, tcp, 1380, 40));
        List<byte[]> writes = oracle.send(packets);
        assertEquals(1, writes.size());
        assertEquals(1380, GroOracle.host16(writes.getFirst(), 4));
        assertSamePackets(packets, oracle.splitAll(writes));
        assertEquals(40, oracle.coalescer.packetsWritten());
        assertEquals(1, oracle.coalescer.superPacketsWritten());
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void takesAShorterPacketAsTheLast(boolean v4, boolean tcp) {
        List<TestPacket> packets = new ArrayList<>();
        TestPacket head = TestPacket.random(new Random(8), v4, tcp);
        head.payload = TestPacket.bytes(new Random(9), 3500);
        packets.addAll(head.segments(1000));
        TestPacket next = head.copy();
        next.sequence += 3500;
        next.id = head.id + 4 & 0xffff;
        next.payload = new byte[500];
        packets.add(next);
        List<byte[]> built = build(packets);
        List<byte[]> writes = oracle.send(built);
        assertEquals(2, writes.size());
        assertSamePackets(built, oracle.splitAll(writes));
    }

    @Test
    void startsAnewWithALongerPacket() {
        assertEquals(2, writesAfter(true, false, p -> p.payload = new byte[1001]));
    }

    @Test
    void writesPacketByPacketWhenSwitchedOff() {
        GroOracle off = new GroOracle(false, false);
        List<byte[]> packets = build(flow(true, true, 1000, 10));
        List<byte[]> writes = off.send(packets);
        assertEquals(10, writes.size());
        assertSamePackets(packets, off.splitAll(writes));
    }

    @Test
    void coalescesOnlyTcpWithoutUdpSegmentation() {
        GroOracle tcpOnly = new GroOracle(true, false);
        assertEquals(1, tcpOnly.send(build(flow(true, true, 1000, 5))).size());
        assertEquals(5, tcpOnly.send(build(flow(true, false, 1000, 5))).size());
    }

    @Test
    void writesBarePacketsToATunWithoutVirtioHeader() {
        CapturingWriter writer = new CapturingWriter();
        GroCoalescer bare = new GroCoalescer(writer, false, true, true);
        List<byte[]> packets = build(flow(true, true, 1000, 5));
        for (byte[] packet : packets) {
            MemorySegment buffer = Arena.ofAuto().allocate(packet.length);
            buffer.copyFrom(MemorySegment.ofArray(packet));
            bare.add(buffer, 0, packet.length);
        }
        bare.flush();
        assertSamePackets(packets, writer.writes);
    }

    @Nested
    class KeepsApart {
        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void packetsThatDifferInTheirIpHeader(boolean v4) {
            for (boolean tcp : new boolean[] {true, false}) {
                assertEquals(2, writesAfter(v4, tcp, p -> p.hopLimit ^= 1), "TTL");
                assertEquals(2, writesAfter(v4, tcp, p -> p.trafficClass ^= 1), "ECN");
                assertEquals(2, writesAfter(v4, tcp, p -> p.trafficClass ^= 8), "DSCP");
                if (v4) {
                    assertEquals(2, writesAfter(true, tcp, p -> p.fragmentField ^= 0x4000), "DF");
                } else {
                    assertEquals(2, writesAfter(false, tcp, p -> p.flowLabel ^= 1), "flow label");
                }
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void segmentsThatDifferInTheirTcpHeader(boolean v4) {
            assertEquals(2, writesAfter(v4, true, p -> p.acknowledgment++), "ack");
            assertEquals(2, writesAfter(v4, true, p -> p.window ^= 1), "window");
            assertEquals(2, writesAfter(v4, true, p -> p.flags |= Tcp.ECE), "ECE");
            assertEquals(2, writesAfter(v4, true, p -> p.flags |= 0x100), "reserved flag");
            assertEquals(2, writesAfter(v4, true, p -> p.urgent = 5), "urgent pointer");
            assertEquals(2, writesAfter(v4, true, p -> p.sequence++), "sequence gap");
            assertEquals(2, writesAfter(v4, true, p -> p.tcpOptions = new byte[36]), "options");
        }

        @Test
        void segmentsWithFlagsThatAskForAttention() {
            for (int flag : new int[] {Tcp.FIN, Tcp.SYN, Tcp.RST, Tcp.URG, Tcp.CWR}) {
                assertEquals(3, writesAfter(true, true, p -> p.flags |= flag), "flag " + flag);
            }
            assertEquals(3, writesAfter(true, true, p -> p.flags &= ~Tcp.ACK));
        }

        @Test
        void fragmentsAndPacketsWithOptions() {
            assertEquals(3, writesAfter(true, false, p -> p.fragmentField = 0x2000));
            assertEquals(3, writesAfter(true, false, p -> p.fragmentField = 1));
            assertEquals(3, writesAfter(true, true, p -> p.ipOptions = new byte[4]));
            assertEquals(3, writesAfter(false, true, p -> p.ipOptions = new byte[8]));
        }

        @Test
        void packetsWithoutPayload() {
            assertEquals(3, writesAfter(true, true, p -> p.payload = new byte[0]));
            assertEquals(3, writesAfter(true, false, p -> p.payload = new byte[0]));
        }

        @Test
        void differentFlows() {
            assertEquals(2, writesAfter(true, false, p -> p.sourcePort ^= 1));
            assertEquals(2, writesAfter(true, false, p -> p.destinationPort ^= 1));
            assertEquals(2, writesAfter(true, false, p -> p.source = new byte[4]));
            assertEquals(2, writesAfter(false, false, p -> p.destination = new byte[16]));
        }

        @Test
        void flowsThatFallOnOnePlaceOfTheTable() {
            List<TestPacket> packets = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                TestPacket packet = flow(false, false, 100, 1).getFirst();
                packet.sourcePort = i * i & 0xffff;
                packet.destinationPort = i;
                packets.add(packet);
            }
            List<byte[]> built = build(packets);
            List<byte[]> writes = oracle.send(built);
            assertEquals(400, writes.size());
            assertSamePackets(built, oracle.splitAll(writes));
        }

        @Test
        void udpWithoutChecksum() {
            List<byte[]> packets = build(flow(true, false, 1000, 3));
            for (byte[] packet : packets) {
                packet[26] = 0;
                packet[27] = 0;
            }
            List<byte[]> writes = oracle.send(packets);
            assertEquals(3, writes.size());
            assertSamePackets(packets, oracle.splitAll(writes));
        }
    }

    @Nested
    class Ids {
        private int writes(int fragmentField, int... ids) {
            List<TestPacket> packets = flow(true, false, 1000, ids.length);
            for (int i = 0; i < ids.length; i++) {
                packets.get(i).id = ids[i];
                packets.get(i).fragmentField = fragmentField;
            }
            return oracle.send(build(packets)).size();
        }

        @Test
        void mayCountUpAndWrapAround() {
            assertEquals(1, writes(0, 0xfffe, 0xffff, 0, 1));
            assertEquals(1, writes(0x4000, 0xfffe, 0xffff, 0, 1));
        }

        @Test
        void mayStayTheSameOnlyWhereNobodyMayFragment() {
            assertEquals(1, writes(0x4000, 0, 0, 0, 0));
            assertEquals(4, writes(0, 7, 7, 7, 7));
        }

        @Test
        void mayNotJumpOrChangeTheirRule() {
            assertEquals(2, writes(0x4000, 1, 2, 4, 5));
            assertEquals(2, writes(0x4000, 1, 2, 2, 2));
            assertEquals(2, writes(0x4000, 1, 1, 2, 3));
        }
    }

    @Nested
    class Ends {
        @Test
        void aRunAtPushAndKeepsTheFlagOnThePacketThatHadIt() {
            List<TestPacket> packets = flow(true, true, 1000, 6);
            packets.get(2).flags |= Tcp.PSH;
            packets.get(3).flags |= Tcp.PSH;
            List<byte[]> built = build(packets);
            List<byte[]> writes = oracle.send(built);
            assertEquals(3, writes.size());
            assertSamePackets(built, oracle.splitAll(writes));
        }

        @ParameterizedTest
        @CsvSource({"true,true", "false,true", "true,false", "false,false"})
        void aRunAt65535Bytes(boolean v4, boolean tcp) {
            List<byte[]> packets = build(flow(v4, tcp, 8000, 17));
            List<byte[]> writes = oracle.send(packets);
            assertEquals(3, writes.size());
            for (byte[] write : writes) {
                assertTrue(write.length - 10 <= 65_535);
            }
            assertSamePackets(packets, oracle.splitAll(writes));
        }

        @Test
        void aUdpRunAt64Packets() {
            List<byte[]> packets = build(flow(true, false, 100, 150));
            assertEquals(3, oracle.send(packets).size());
        }

        @Test
        void aBatchThatGrowsTooLong() {
            List<byte[]> packets = build(flow(true, true, 10, 3 * GroCoalescer.MAX_PACKETS + 1));
            List<byte[]> writes = oracle.send(packets);
            assertEquals(4, writes.size());
            assertSamePackets(packets, oracle.splitAll(writes));
        }
    }

    @Nested
    class WrongChecksums {
        private void assertKeptAsTheyCame(boolean v4, int index, int at) {
            List<byte[]> packets = build(flow(v4, true, 1000, 5));
            packets.get(index)[at] ^= 0x10;
            List<byte[]> writes = oracle.send(packets);
            List<byte[]> actual = oracle.splitAll(writes);
            assertSamePackets(packets, actual);
            byte[] alone = packets.get(index);
            boolean plain =
                    writes.stream()
                            .filter(write -> write[1] == 0)
                            .anyMatch(w -> Arrays.equals(w, 10, w.length, alone, 0, alone.length));
            assertTrue(plain, () -> "hidden in a super-packet: " + index + ", byte " + at);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 4})
        void areNeverHiddenInASuperPacket(int index) {
            assertKeptAsTheyCame(true, index, 900);
            assertKeptAsTheyCame(true, index, 36);
            assertKeptAsTheyCame(false, index, 900);
            assertKeptAsTheyCame(false, index, 57);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 4})
        void ofTheIpv4HeaderNeither(int index) {
            assertKeptAsTheyCame(true, index, 10);
        }
    }
}

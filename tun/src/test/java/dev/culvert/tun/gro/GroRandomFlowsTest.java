package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.TestPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interleaved flows of random shape: per flow, what comes out is what went in. */
class GroRandomFlowsTest {
    private final GroOracle oracle = new GroOracle(true, true);

    /** A flow whose next packet mostly follows the one before, and sometimes does not. */
    private static final class Sender {
        private final Random random;
        private final TestPacket state;
        private int size;

        Sender(Random random, TestPacket state) {
            this.random = random;
            this.state = state;
            state.fragmentField = 0x4000;
            size = 1 + random.nextInt(1400);
        }

        byte[] next() {
            TestPacket packet = state.copy();
            packet.payload = TestPacket.bytes(random, size);
            switch (random.nextInt(24)) {
                case 0 -> packet.payload = TestPacket.bytes(random, random.nextInt(size + 1));
                case 1 -> size = 1 + random.nextInt(1400);
                case 2 -> packet.flags |= Tcp.PSH;
                case 3 -> packet.flags |= 1 << random.nextInt(8);
                case 4 -> state.acknowledgment++;
                case 5 -> packet.fragmentField = random.nextBoolean() ? 0x2000 : 0x0001;
                case 6 -> packet.hopLimit ^= 3;
                case 7 -> state.sequence += 17;
                case 8 -> state.id += 5;
                default -> {}
            }
            state.sequence += packet.payload.length;
            state.id = state.id + 1 & 0xffff;
            byte[] built = packet.build();
            if (random.nextInt(40) == 0) {
                built[random.nextInt(built.length - 4) + 4] ^= (byte) (1 << random.nextInt(8));
            }
            return built;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void leaveInOrderAndUnchanged(long seed) {
        Random random = new Random(seed);
        int packetsIn = 0;
        int writesOut = 0;
        for (int round = 0; round < 60; round++) {
            List<Sender> senders = new ArrayList<>();
            int flows = 1 + random.nextInt(6);
            for (int i = 0; i < flows; i++) {
                TestPacket state =
                        TestPacket.random(random, random.nextBoolean(), random.nextInt(3) > 0);
                senders.add(new Sender(random, state));
                if (random.nextBoolean()) {
                    TestPacket sibling = state.copy();
                    sibling.sourcePort ^= 1;
                    senders.add(new Sender(random, sibling));
                }
            }
            List<byte[]> packets = new ArrayList<>();
            int count = random.nextInt(300);
            while (packets.size() < count) {
                Sender sender = senders.get(random.nextInt(senders.size()));
                int train = 1 + random.nextInt(20);
                for (int i = 0; i < train; i++) {
                    packets.add(sender.next());
                }
            }
            List<byte[]> writes = oracle.send(packets);
            assertSameFlows(packets, oracle.splitAll(writes));
            packetsIn += packets.size();
            writesOut += writes.size();
        }
        int in = packetsIn;
        int out = writesOut;
        assertTrue(out < in / 2, () -> out + " writes for " + in + " packets");
    }

    private static void assertSameFlows(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        Map<String, List<byte[]>> flows = GroOracle.byFlow(expected);
        Map<String, List<byte[]>> got = GroOracle.byFlow(actual);
        assertEquals(flows.keySet(), got.keySet());
        flows.forEach(
                (flow, packets) -> assertSamePackets(packets, got.getOrDefault(flow, List.of())));
    }

    private static void assertSamePackets(List<byte[]> expected, List<byte[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "packet " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x2000, 0x0001})
    void doNotOvertakeAFragmentBetweenTheSameHosts(int fragmentField) {
        TestPacket packet = TestPacket.random(new Random(4), true, false);
        packet.fragmentField = 0x4000;
        packet.payload = new byte[1000];
        TestPacket fragment = packet.copy();
        fragment.fragmentField = fragmentField;
        List<byte[]> built =
                Stream.of(packet, packet, fragment, packet, packet).map(TestPacket::build).toList();
        List<byte[]> writes = oracle.send(built);
        assertEquals(3, writes.size());
        byte[] second = writes.get(1);
        assertArrayEquals(built.get(2), Arrays.copyOfRange(second, 10, second.length));
    }

    @Test
    void doNotOvertakeAPacketWithExtensionHeaders() {
        TestPacket packet = TestPacket.random(new Random(4), false, false);
        packet.payload = new byte[5000];
        List<TestPacket> packets = packet.segments(1000);
        packets.get(2).ipOptions = new byte[8];
        List<byte[]> built = packets.stream().map(TestPacket::build).toList();
        List<byte[]> writes = oracle.send(built);
        assertEquals(3, writes.size());
        assertSamePackets(built, oracle.splitAll(writes));
    }

    @Test
    void surviveGarbage() {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            List<byte[]> packets = new ArrayList<>();
            for (int p = 0; p < 50; p++) {
                byte[] packet = TestPacket.bytes(random, 1 + random.nextInt(90));
                packet[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
                if (packet.length >= 40) {
                    boolean v4 = packet[0] == 0x45;
                    packet[v4 ? 9 : 6] = (byte) (random.nextBoolean() ? 6 : 17);
                    int length = v4 ? packet.length : packet.length - 40;
                    packet[v4 ? 2 : 4] = 0;
                    packet[v4 ? 3 : 5] = (byte) length;
                    packet[6] = v4 ? 0x40 : packet[6];
                }
                packets.add(packet);
                if (random.nextInt(3) == 0) {
                    packets.add(packet.clone());
                }
            }
            assertEquals(packets.size(), oracle.splitAll(oracle.send(packets)).size());
        }
    }
}

package dev.culvert.datapath.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What a full table costs, but for the time: the benchmarks measure that. */
class NatScaleTest {
    private static final int MAPPINGS = 100_000;
    private static final int CLIENTS = 25;

    private final Gateway gateway = new Gateway();

    private void fill() {
        for (int i = 0; i < MAPPINGS; i++) {
            String client = "172.28.3." + i % CLIENTS;
            int port = 1024 + i / CLIENTS;
            TestPacket packet =
                    i % 2 == 0
                            ? TestPacket.udp(client, port, Gateway.WEB, 53)
                            : TestPacket.tcp(client, port, Gateway.WEB, 80, 2);
            assertEquals(NatVerdict.FORWARD, gateway.send(packet));
        }
    }

    @Test
    void holds100000MappingsIn64MiB() {
        fill();
        NatStatistics statistics = gateway.nat.statistics();
        assertEquals(MAPPINGS, statistics.udp() + statistics.tcp());
        assertTrue(statistics.sizeBytes() <= 64 << 20, statistics.sizeBytes() + " bytes");
    }

    @Test
    void allocatesNothingPerPacket() {
        fill();
        TestPacket out = TestPacket.tcp(Gateway.ALICE, 6000, Gateway.WEB, 80, 16);
        assertEquals(NatVerdict.FORWARD, gateway.send(out));
        byte[] before = bytes(out);
        TestPacket in = TestPacket.tcp(Gateway.WEB, 80, Gateway.TUNNEL, out.sourcePort(), 16);
        byte[] inBefore = bytes(in);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        // The first rounds may still load classes.
        for (int round = 0; round < 5; round++) {
            long start = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                gateway.nowNs += 1_000;
                restore(out, before);
                gateway.send(out);
                restore(in, inBefore);
                gateway.receive(in);
                gateway.out.onBatchEnd(gateway.nowNs);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - start;
        }
        assertTrue(allocated < 20_000, allocated + " bytes in 40,000 packets");
    }

    private static byte[] bytes(TestPacket packet) {
        byte[] bytes = new byte[TestPacket.AT + packet.length];
        MemorySegment.copy(packet.buf, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        return bytes;
    }

    private static void restore(TestPacket packet, byte[] bytes) {
        MemorySegment.copy(bytes, 0, packet.buf, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
}

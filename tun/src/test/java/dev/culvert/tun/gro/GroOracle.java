package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.gso.GsoSplitter;
import dev.culvert.tun.gso.SplitOracle;
import dev.culvert.tun.packet.NaiveChecksum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sends packets through a coalescer, and asks the splitter for them again. */
final class GroOracle {
    final CapturingWriter writer = new CapturingWriter();
    final GroCoalescer coalescer;
    private final GsoSplitter splitter = new GsoSplitter();

    GroOracle(boolean tcp, boolean udp) {
        coalescer = new GroCoalescer(writer, true, tcp, udp);
    }

    /** One batch; the receive buffer has other bytes around each packet. */
    List<byte[]> send(List<byte[]> packets) {
        writer.writes.clear();
        try (Arena arena = Arena.ofConfined()) {
            for (byte[] packet : packets) {
                MemorySegment buffer = arena.allocate(packet.length + 24L);
                buffer.fill((byte) 0xbb);
                MemorySegment.copy(MemorySegment.ofArray(packet), 0, buffer, 5, packet.length);
                coalescer.add(buffer, 5, packet.length);
            }
            coalescer.flush();
        }
        return List.copyOf(writer.writes);
    }

    /** The packets that the writes stand for. A plain write must owe nothing. */
    List<byte[]> splitAll(List<byte[]> writes) {
        List<byte[]> packets = new ArrayList<>();
        for (byte[] write : writes) {
            if (write[1] == 0) {
                assertArrayEquals(new byte[10], Arrays.copyOf(write, 10));
                packets.add(Arrays.copyOfRange(write, 10, write.length));
            } else {
                assertHeaderIsWhole(write);
                packets.addAll(SplitOracle.split(splitter, write));
            }
        }
        return packets;
    }

    /** What the kernel relies on, and the splitter does not look at. */
    private static void assertHeaderIsWhole(byte[] write) {
        boolean v4 = write[10] >>> 4 == 4;
        int start = v4 ? 20 : 40;
        boolean tcp = write[1] != 5;
        int headerBytes = start + (tcp ? (write[10 + start + 12] & 0xf0) >> 2 : 8);
        assertEquals(1, write[0]);
        assertEquals(tcp ? v4 ? 1 : 4 : 5, write[1]);
        assertEquals(headerBytes, host16(write, 2));
        assertEquals(start, host16(write, 6));
        assertEquals(tcp ? 16 : 6, host16(write, 8));
        if (v4) {
            byte[] ip = Arrays.copyOfRange(write, 10, 30);
            assertEquals(0xffff, NaiveChecksum.sum(ip));
        }
        int transportBytes = write.length - 10 - start;
        byte[] addresses = Arrays.copyOfRange(write, 10 + (v4 ? 12 : 8), 10 + start);
        byte[] rest = {
            0, (byte) (tcp ? 6 : 17), (byte) (transportBytes >> 8), (byte) transportBytes
        };
        int field = 10 + start + (tcp ? 16 : 6);
        int checksum = (write[field] & 0xff) << 8 | (write[field + 1] & 0xff);
        assertEquals(NaiveChecksum.sum(addresses, rest), checksum);
        if (!tcp) {
            int length = (write[14 + start] & 0xff) << 8 | (write[15 + start] & 0xff);
            assertEquals(transportBytes, length);
        }
    }

    static int host16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    /** The packets by addresses, protocol and ports; a fragment counts to the pair of hosts. */
    static Map<String, List<byte[]>> byFlow(List<byte[]> packets) {
        Map<String, List<byte[]>> flows = new HashMap<>();
        for (byte[] packet : packets) {
            boolean v4 = packet[0] >>> 4 == 4;
            String key = v4 ? Arrays.toString(Arrays.copyOfRange(packet, 9, 10)) : packet[6] + " ";
            key += Arrays.toString(Arrays.copyOfRange(packet, v4 ? 12 : 8, v4 ? 24 : 44));
            flows.computeIfAbsent(key, k -> new ArrayList<>()).add(packet);
        }
        return flows;
    }
}

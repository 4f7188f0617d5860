package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.TestPacket;
import dev.culvert.tun.sys.Errno;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A TUN that does not take what is written to it. */
class GroRefusalTest {
    private final GroOracle oracle = new GroOracle(true, true);
    private final GroCoalescer coalescer = oracle.coalescer;

    private static List<byte[]> packets(boolean tcp) {
        TestPacket packet = TestPacket.random(new Random(1), true, tcp);
        packet.payload = TestPacket.bytes(new Random(2), 10_000);
        return packet.segments(1000).stream().map(TestPacket::build).toList();
    }

    private void assertWrittenOneByOne(List<byte[]> packets, List<byte[]> writes) {
        List<byte[]> actual = oracle.splitAll(writes);
        assertEquals(packets.size(), writes.size());
        for (int i = 0; i < packets.size(); i++) {
            assertArrayEquals(packets.get(i), actual.get(i));
        }
    }

    @Test
    void ofSuperPacketsSwitchesCoalescingOffForThatKindAndLosesNothing() {
        oracle.writer.verdict = write -> write[1] == 1 ? -Errno.EINVAL : 0;
        assertWrittenOneByOne(packets(true), oracle.send(packets(true)));
        assertFalse(coalescer.coalescesTcp());
        assertTrue(coalescer.coalescesUdp());
        assertEquals(1, coalescer.superPacketsRefused());
        assertEquals(0, coalescer.packetsLost());
        assertEquals(10, coalescer.packetsWritten());
        assertEquals(Errno.EINVAL, coalescer.lastErrno());
        assertWrittenOneByOne(packets(true), oracle.send(packets(true)));
        assertEquals(1, oracle.writer.refused);
        assertEquals(1, oracle.send(packets(false)).size());
    }

    @Test
    void ofUdpSuperPacketsLeavesTcpAlone() {
        oracle.writer.verdict = write -> write[1] == 5 ? -Errno.EINVAL : 0;
        assertWrittenOneByOne(packets(false), oracle.send(packets(false)));
        assertFalse(coalescer.coalescesUdp());
        assertEquals(1, oracle.send(packets(true)).size());
    }

    @Test
    void thatPassesOnlyWritesPacketByPacketThisOnce() {
        oracle.writer.verdict = write -> write[1] == 1 ? -Errno.ENOMEM : 0;
        assertWrittenOneByOne(packets(true), oracle.send(packets(true)));
        assertTrue(coalescer.coalescesTcp());
        oracle.writer.verdict = write -> 0;
        assertEquals(1, oracle.send(packets(true)).size());
    }

    @Test
    void ofEverythingBlamesTheInterfaceNotCoalescing() {
        oracle.writer.verdict = write -> -Errno.EINVAL;
        oracle.send(packets(true));
        assertTrue(coalescer.coalescesTcp());
        assertEquals(10, coalescer.packetsLost());
    }

    @Test
    void whileTheInterfaceIsDownLosesTheRunInOneCall() {
        oracle.writer.verdict = write -> -Errno.EIO;
        oracle.send(packets(true));
        assertEquals(1, oracle.writer.refused);
        assertEquals(10, coalescer.packetsLost());
        assertEquals(0, coalescer.superPacketsRefused());
        assertTrue(coalescer.coalescesTcp());
    }
}

package dev.culvert.datapath.ecn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EcnTest {
    private static final int DSCP_EF = 0xb8;

    private final MemorySegment packet = Arena.ofAuto().allocate(60, 8);

    private void ipv4(int tos) {
        NetworkOrder.put16(packet, 0, 0x4500 | tos);
        NetworkOrder.put16(packet, Ipv4.TOTAL_LENGTH_OFFSET, 60);
        NetworkOrder.put32(packet, Ipv4.SOURCE_OFFSET, 0x0a000001);
        NetworkOrder.put32(packet, Ipv4.DESTINATION_OFFSET, 0x0a000002);
        Ipv4.writeChecksum(packet, 0, Ipv4.HEADER_BYTES);
    }

    private void ipv6(int trafficClass) {
        NetworkOrder.put32(packet, 0, 6 << 28 | trafficClass << 20 | 0xabcde);
    }

    /** RFC 6040, figure 4. -1: drop. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0", "0, 2, 0", "0, 1, 0", "0, 3, -1", //
        "2, 0, 2", "2, 2, 2", "2, 1, 1", "2, 3, 3", //
        "1, 0, 1", "1, 2, 1", "1, 1, 1", "1, 3, 3", //
        "3, 0, 3", "3, 2, 3", "3, 1, 3", "3, 3, 3"
    })
    void combinesInnerAndOuterFieldAsRfc6040Says(int inner, int outer, int expected) {
        ipv4(DSCP_EF | inner);
        assertEquals(expected >= 0, Ecn.decapsulate(packet, 0, DSCP_EF | outer));
        ipv6(DSCP_EF | inner);
        assertEquals(expected >= 0, Ecn.decapsulate(packet, 0, outer));
        if (expected >= 0) {
            assertEquals(DSCP_EF | expected, Ipv6.trafficClass(packet, 0));
            assertEquals(0xabcde, Ipv6.firstWord(packet, 0) & 0xfffff);
        }
        assertEquals(expected, Ecn.decapsulated(inner, outer));
    }

    @Test
    void keepsTheHeaderChecksumRightWhenItMarks() {
        ipv4(DSCP_EF | Ecn.ECT_0);
        assertTrue(Ecn.decapsulate(packet, 0, Ecn.CE));
        assertEquals(DSCP_EF | Ecn.CE, Ipv4.tos(packet, 0));
        assertEquals(0xffff, Checksum.sum(packet, 0, Ipv4.HEADER_BYTES));
    }

    @Test
    void leavesAPacketThatItDropsAsItWas() {
        ipv4(DSCP_EF);
        assertFalse(Ecn.decapsulate(packet, 0, Ecn.CE));
        assertEquals(DSCP_EF, Ipv4.tos(packet, 0));
    }

    @Test
    void copiesTheInnerFieldAloneToTheOuterHeader() {
        ipv4(DSCP_EF | Ecn.CE);
        assertEquals(Ecn.CE, Ecn.encapsulated(Ecn.innerTos(packet, 0)));
        ipv6(DSCP_EF | Ecn.ECT_1);
        assertEquals(Ecn.ECT_1, Ecn.encapsulated(Ecn.innerTos(packet, 0)));
    }
}

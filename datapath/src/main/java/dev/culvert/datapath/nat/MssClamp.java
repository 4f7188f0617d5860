package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import java.lang.foreign.MemorySegment;

/**
 * Lowers the maximum segment size that a SYN announces to what the tunnel carries: routers on the
 * client's side that swallow "fragmentation needed" do no harm then.
 */
final class MssClamp {
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int MSS_BYTES = 4;

    private MssClamp() {}

    /** Does nothing but to a SYN. */
    static void apply(
            MemorySegment buf,
            long packet,
            int length,
            FlowHeaders headers,
            int mtu,
            boolean partial) {
        if ((headers.tcpFlags & Tcp.SYN) == 0) {
            return;
        }
        long tcp = packet + headers.transport;
        int end = Math.min(Tcp.headerBytes(buf, tcp), length - headers.transport);
        int largest = mtu - (headers.v4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES) - Tcp.HEADER_BYTES;
        int at = Tcp.HEADER_BYTES;
        while (at + MSS_BYTES <= end) {
            int kind = NetworkOrder.get8(buf, tcp + at);
            if (kind == END_OF_OPTIONS) {
                return;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int optionBytes = NetworkOrder.get8(buf, tcp + at + 1);
            if (kind == MAXIMUM_SEGMENT_SIZE && optionBytes == MSS_BYTES) {
                lower(buf, tcp, at + 2, largest, headers.space, partial);
                return;
            }
            if (optionBytes < 2) {
                return;
            }
            at += optionBytes;
        }
    }

    private static void lower(
            MemorySegment buf, long tcp, int at, int largest, int space, boolean partial) {
        int announced = NetworkOrder.get16(buf, tcp + at);
        if (announced <= largest) {
            return;
        }
        NetworkOrder.put16(buf, tcp + at, largest);
        if (partial) {
            return;
        }
        // At an odd offset its bytes stand in two words, swapped.
        boolean odd = (at & 1) != 0;
        int before = odd ? swap(announced) : announced;
        int after = odd ? swap(largest) : largest;
        int change = Checksum.add(Checksum.complement(before), after);
        Rewriting.transportChecksum(buf, tcp, space, change, false);
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }
}

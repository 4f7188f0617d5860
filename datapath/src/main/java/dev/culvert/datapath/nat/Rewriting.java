package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * Writes another address and port into a packet, and corrects its checksums by the difference (RFC
 * 1624). A partial checksum, which the TUN leaves for later, covers the pseudo header alone: of it
 * the addresses are part, the ports are not.
 */
final class Rewriting {
    private Rewriting() {}

    static void source(
            MemorySegment buf,
            long packet,
            FlowHeaders headers,
            long high,
            long low,
            int port,
            boolean partial) {
        int at = headers.v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET;
        int portAt = Space.isIcmp(headers.space) ? IcmpTypes.IDENTIFIER_OFFSET : 0;
        end(buf, packet, headers, at, portAt, high, low, port, partial);
    }

    static void destination(
            MemorySegment buf,
            long packet,
            FlowHeaders headers,
            long high,
            long low,
            int port,
            boolean partial) {
        int at = headers.v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET;
        int portAt =
                Space.isIcmp(headers.space)
                        ? IcmpTypes.IDENTIFIER_OFFSET
                        : Tcp.DESTINATION_PORT_OFFSET;
        end(buf, packet, headers, at, portAt, high, low, port, partial);
    }

    private static void end(
            MemorySegment buf,
            long packet,
            FlowHeaders headers,
            int addressAt,
            int portAt,
            long high,
            long low,
            int port,
            boolean partial) {
        int addressChange = address(buf, packet, headers.v4, addressAt, high, low);
        if (headers.kind == FlowHeaders.Kind.LATER_FRAGMENT) {
            return;
        }
        long transport = packet + headers.transport;
        int before = NetworkOrder.get16(buf, transport + portAt);
        NetworkOrder.put16(buf, transport + portAt, port);
        boolean pseudo = !(headers.v4 && Space.isIcmp(headers.space));
        int change = pseudo ? addressChange : 0;
        if (!partial) {
            change = Checksum.add(change, Checksum.add(Checksum.complement(before), port));
        }
        if (headers.hasChecksum) {
            transportChecksum(buf, transport, headers.space, change, partial);
        }
    }

    /**
     * Writes an address.
     *
     * @return the change of the one's-complement sum
     */
    static int address(MemorySegment buf, long packet, boolean v4, int at, long high, long low) {
        int bytes = Addresses.bytes(v4);
        int before = Checksum.complement(Checksum.sum(buf, packet + at, bytes));
        if (v4) {
            NetworkOrder.put32(buf, packet + at, (int) low);
        } else {
            NetworkOrder.put64(buf, packet + at, high);
            NetworkOrder.put64(buf, packet + at + 8, low);
        }
        int change = Checksum.add(before, Checksum.sum(buf, packet + at, bytes));
        if (v4) {
            long field = packet + Ipv4.CHECKSUM_OFFSET;
            int sum = Checksum.complement(NetworkOrder.get16(buf, field));
            NetworkOrder.put16(buf, field, Checksum.complement(Checksum.add(sum, change)));
        }
        return change;
    }

    /** Adds a change of what it covers to a transport checksum. */
    static void transportChecksum(
            MemorySegment buf, long transport, int space, int change, boolean partial) {
        long field = transport + checksumOffset(space);
        int value = NetworkOrder.get16(buf, field);
        if (partial) {
            NetworkOrder.put16(buf, field, Checksum.add(value, change));
            return;
        }
        boolean udp = Space.isUdp(space);
        if (udp && value == 0) {
            return; // There is none.
        }
        int sum = Checksum.add(Checksum.complement(value), change);
        NetworkOrder.put16(
                buf, field, udp ? Checksum.complementNonZero(sum) : Checksum.complement(sum));
    }

    static int checksumOffset(int space) {
        if (Space.isTcp(space)) {
            return Tcp.CHECKSUM_OFFSET;
        }
        return Space.isUdp(space) ? Udp.CHECKSUM_OFFSET : Icmp.CHECKSUM_OFFSET;
    }
}

package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import java.lang.foreign.MemorySegment;

/**
 * Translates ICMP errors, and in them what they quote (RFC 5508 REQ-3 to REQ-6). An error neither
 * refreshes nor ends a mapping.
 */
final class IcmpErrors {
    private final Nat nat;
    private final DropCounters drops;
    private final FlowHeaders quoted = new FlowHeaders();

    IcmpErrors(Nat nat, DropCounters drops) {
        this.nat = nat;
        this.drops = drops;
    }

    /**
     * A client, or the tunnel's own host, complains about a packet that came in: the quote's
     * destination is inside.
     *
     * @param masqueraded whether the error must not leave as it is
     */
    NatVerdict outbound(
            MemorySegment buf,
            long packet,
            int length,
            FlowHeaders outer,
            boolean masqueraded,
            boolean partial,
            long nowNs) {
        if (!reads(buf, packet, length, outer)) {
            return masqueraded ? drop(DropReason.NAT_ICMP_INVALID) : NatVerdict.FORWARD;
        }
        int port = quoted.destinationPort;
        nat.lock.lock();
        int mapping =
                nat.table.inside(
                        quoted.space,
                        quoted.destinationHigh(),
                        quoted.destinationLow(),
                        port,
                        nowNs);
        boolean unchanged = mapping >= 0 && nat.table.keepsPort(mapping);
        int outsidePort = mapping >= 0 ? nat.table.outsidePort(mapping) : 0;
        nat.lock.unlock();
        if (mapping < 0) {
            return masqueraded ? drop(DropReason.NAT_UNTRANSLATABLE) : NatVerdict.FORWARD;
        }
        if (unchanged) {
            return NatVerdict.FORWARD;
        }
        if (!partial && !isRight(buf, packet, length, outer)) {
            return drop(DropReason.NAT_ICMP_INVALID);
        }
        long high = nat.ownHigh(outer.v4);
        long low = nat.ownLow(outer.v4);
        Rewriting.destination(buf, quotedAt(packet, outer), quoted, high, low, outsidePort, false);
        int sourceAt = outer.v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET;
        Rewriting.address(buf, packet, outer.v4, sourceAt, high, low);
        writeChecksum(buf, packet, length, outer);
        return NatVerdict.FORWARD;
    }

    /** Somebody outside complains about a packet that went out: the quote's source is ours. */
    NatVerdict inbound(MemorySegment buf, long packet, int length, FlowHeaders outer, long nowNs) {
        if (!reads(buf, packet, length, outer)
                || !nat.isOwn(quoted.v4, quoted.sourceHigh(), quoted.sourceLow())) {
            return NatVerdict.FORWARD; // To the tunnel's own host, which checks it itself.
        }
        nat.lock.lock();
        int mapping = nat.table.outside(quoted.space, quoted.sourcePort, nowNs);
        boolean own = mapping < 0 || nat.table.keepsPort(mapping);
        boolean permitted = false;
        long high = 0;
        long low = 0;
        int port = 0;
        if (!own) {
            permitted =
                    nat.table.permits(
                            mapping, quoted.destinationHigh(), quoted.destinationLow(), nowNs);
            high = nat.table.insideHigh(mapping);
            low = nat.table.insideLow(mapping);
            port = nat.table.insidePort(mapping);
        }
        nat.lock.unlock();
        if (own) {
            return NatVerdict.FORWARD;
        }
        if (!permitted) {
            return drop(DropReason.NAT_FILTERED);
        }
        if (!isRight(buf, packet, length, outer)) {
            return drop(DropReason.NAT_ICMP_INVALID);
        }
        Rewriting.source(buf, quotedAt(packet, outer), quoted, high, low, port, false);
        int destinationAt = outer.v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET;
        Rewriting.address(buf, packet, outer.v4, destinationAt, high, low);
        writeChecksum(buf, packet, length, outer);
        return NatVerdict.FORWARD;
    }

    private NatVerdict drop(DropReason reason) {
        drops.count(reason);
        return NatVerdict.DROP;
    }

    private static long quotedAt(long packet, FlowHeaders outer) {
        return packet + outer.transport + Icmp.HEADER_BYTES;
    }

    /** Whether it quotes a packet with ports, of the same IP version, whose header is intact. */
    private boolean reads(MemorySegment buf, long packet, int length, FlowHeaders outer) {
        int before = outer.transport + Icmp.HEADER_BYTES;
        long at = packet + before;
        return length > before
                && quoted.read(buf, at, length - before)
                && quoted.v4 == outer.v4
                && quoted.kind == FlowHeaders.Kind.FLOW
                && (!quoted.v4 || Checksum.sum(buf, at, Ipv4.headerBytes(buf, at)) == 0xffff);
    }

    private static int sum(MemorySegment buf, long packet, int length, FlowHeaders outer) {
        int bytes = length - outer.transport;
        int sum = Checksum.sum(buf, packet + outer.transport, bytes);
        return outer.v4
                ? sum
                : Checksum.add(sum, Checksum.pseudoHeaderV6(buf, packet, Icmp.PROTOCOL_V6, bytes));
    }

    private static boolean isRight(MemorySegment buf, long packet, int length, FlowHeaders outer) {
        return sum(buf, packet, length, outer) == 0xffff;
    }

    /** In whole, over what was right before. */
    private static void writeChecksum(
            MemorySegment buf, long packet, int length, FlowHeaders outer) {
        long field = packet + outer.transport + Icmp.CHECKSUM_OFFSET;
        NetworkOrder.put16(buf, field, 0);
        NetworkOrder.put16(buf, field, Checksum.complement(sum(buf, packet, length, outer)));
    }
}

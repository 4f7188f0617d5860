package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** Gives what leaves by the tunnel the tunnel's address. Outbound thread. */
public final class OutboundNat {
    private final Nat nat;
    private final DropCounters drops;
    private final AtomicLong translated;
    private final FlowHeaders headers = new FlowHeaders();
    private final IcmpErrors errors;
    private final DestinationTranslation hairpin;

    OutboundNat(Nat nat, DropCounters drops, AtomicLong translated) {
        this.nat = nat;
        this.drops = drops;
        this.translated = translated;
        errors = new IcmpErrors(nat, drops);
        hairpin = new DestinationTranslation(nat, drops);
    }

    /**
     * Translates a packet or super-packet in place. It has at least a whole IP header.
     *
     * @param offset of the virtio header
     * @param length virtio header and packet
     */
    public NatVerdict translate(MemorySegment buf, long offset, int length, long nowNs) {
        long packet = offset + VirtioNetHeader.BYTES;
        int bytes = length - VirtioNetHeader.BYTES;
        boolean whole = headers.read(buf, packet, bytes);
        boolean v4 = headers.v4;
        long high = headers.sourceHigh();
        long low = headers.sourceLow();
        boolean own = nat.isOwn(v4, high, low);
        boolean masqueraded = !own && nat.masqueraded.contains(v4, high, low);
        if (!own && !masqueraded && !nat.hasForwards) {
            return NatVerdict.FORWARD;
        }
        if (!whole) {
            return masqueraded ? drop(DropReason.NAT_UNTRANSLATABLE) : NatVerdict.FORWARD;
        }
        if (!nat.translates(v4)) {
            return masqueraded ? prohibit(DropReason.NAT_UNTRANSLATABLE) : NatVerdict.FORWARD;
        }
        boolean partial = VirtioNetHeader.needsChecksum(buf, offset);
        return switch (headers.kind) {
            case FLOW -> flow(buf, packet, bytes, high, low, own, masqueraded, partial, nowNs);
            case ERROR -> error(buf, offset, bytes, masqueraded, partial, nowNs);
            case LATER_FRAGMENT -> {
                // Whatever port the first one got, the address is this.
                if (masqueraded) {
                    int at = v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET;
                    Rewriting.address(buf, packet, v4, at, nat.ownHigh(v4), nat.ownLow(v4));
                }
                yield NatVerdict.FORWARD;
            }
            case OTHER -> masqueraded ? drop(DropReason.NAT_UNTRANSLATABLE) : NatVerdict.FORWARD;
        };
    }

    private NatVerdict flow(
            MemorySegment buf,
            long packet,
            int length,
            long high,
            long low,
            boolean own,
            boolean masqueraded,
            boolean partial,
            long nowNs) {
        boolean v4 = headers.v4;
        if (Space.isIcmp(headers.space) && !headers.isQuery()) {
            // Nobody outside can have asked a client.
            return masqueraded ? drop(DropReason.NAT_UNTRANSLATABLE) : NatVerdict.FORWARD;
        }
        nat.lock.lock();
        int mapping =
                nat.table.outbound(
                        headers.space,
                        high,
                        low,
                        headers.sourcePort,
                        headers.destinationHigh(),
                        headers.destinationLow(),
                        headers.destinationPort,
                        headers.tcpFlags,
                        own,
                        own || masqueraded,
                        nowNs);
        boolean kept = mapping >= 0 && nat.table.keepsPort(mapping);
        int port = mapping >= 0 ? nat.table.outsidePort(mapping) : 0;
        boolean taken =
                mapping < 0
                        && own
                        && nat.table.outside(headers.space, headers.sourcePort, nowNs) >= 0;
        nat.lock.unlock();
        if (kept || (mapping < 0 && own && !taken)) {
            return NatVerdict.FORWARD;
        }
        if (mapping < 0) {
            return refuse(mapping, own || masqueraded);
        }
        translated.setOpaque(translated.getPlain() + 1);
        boolean back = nat.isOwn(v4, headers.destinationHigh(), headers.destinationLow());
        Rewriting.source(buf, packet, headers, nat.ownHigh(v4), nat.ownLow(v4), port, partial);
        MssClamp.apply(buf, packet, length, headers, nat.mtu.getAsInt(), partial);
        if (back) {
            headers.sourcePort = port;
            return returned(hairpin.flow(buf, packet, length, headers, partial, nowNs));
        }
        return NatVerdict.FORWARD;
    }

    private NatVerdict refuse(int why, boolean ours) {
        if (why == NatTable.UNKNOWN) {
            return ours ? drop(DropReason.NAT_UNTRANSLATABLE) : NatVerdict.FORWARD;
        }
        return prohibit(
                why == NatTable.OVER_QUOTA ? DropReason.NAT_OVER_QUOTA : DropReason.NAT_EXHAUSTED);
    }

    private NatVerdict error(
            MemorySegment buf,
            long offset,
            int length,
            boolean masqueraded,
            boolean partial,
            long nowNs) {
        long packet = offset + VirtioNetHeader.BYTES;
        boolean back = nat.isOwn(headers.v4, headers.destinationHigh(), headers.destinationLow());
        NatVerdict verdict =
                errors.outbound(buf, packet, length, headers, masqueraded, partial, nowNs);
        if (verdict == NatVerdict.FORWARD && masqueraded) {
            VirtioNetHeader.clear(buf, offset); // The checksum is complete.
            if (back) {
                return returned(errors.inbound(buf, packet, length, headers, nowNs));
            }
        }
        return verdict;
    }

    /** What is for the tunnel's own host never comes here: nobody inside has that port. */
    private NatVerdict returned(NatVerdict verdict) {
        boolean found = headers.kind == FlowHeaders.Kind.ERROR || hairpin.changed();
        if (verdict == NatVerdict.FORWARD && !found) {
            return drop(DropReason.NAT_FILTERED);
        }
        return verdict == NatVerdict.FORWARD ? NatVerdict.RETURN : verdict;
    }

    private NatVerdict drop(DropReason reason) {
        drops.count(reason);
        return NatVerdict.DROP;
    }

    private NatVerdict prohibit(DropReason reason) {
        drops.count(reason);
        return NatVerdict.PROHIBIT;
    }

    /** What has expired makes room. Called at the end of each batch. */
    public void onBatchEnd(long nowNs) {
        nat.sweep(nowNs);
    }
}

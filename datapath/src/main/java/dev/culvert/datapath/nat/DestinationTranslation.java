package dev.culvert.datapath.nat;

import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import java.lang.foreign.MemorySegment;

/** From the tunnel's address to the client's. */
final class DestinationTranslation {
    private final Nat nat;
    private final DropCounters drops;

    // Of the latest flow.
    private boolean changed;
    private long high;
    private long low;
    private int port;

    DestinationTranslation(Nat nat, DropCounters drops) {
        this.nat = nat;
        this.drops = drops;
    }

    /**
     * Looks the flow up and, if its destination is a client, writes that into the packet.
     *
     * @param headers of a packet to the tunnel's address, {@link FlowHeaders.Kind#FLOW}
     */
    NatVerdict flow(
            MemorySegment buf,
            long packet,
            int length,
            FlowHeaders headers,
            boolean partial,
            long nowNs) {
        changed = false;
        nat.lock.lock();
        int mapping =
                nat.table.inbound(
                        headers.space,
                        headers.destinationPort,
                        headers.sourceHigh(),
                        headers.sourceLow(),
                        headers.sourcePort,
                        headers.tcpFlags,
                        nowNs);
        if (mapping >= 0 && !nat.table.keepsPort(mapping)) {
            changed = true;
            high = nat.table.insideHigh(mapping);
            low = nat.table.insideLow(mapping);
            port = nat.table.insidePort(mapping);
        }
        nat.lock.unlock();
        if (mapping == NatTable.FILTERED) {
            drops.count(DropReason.NAT_FILTERED);
            return NatVerdict.DROP;
        }
        if (changed) {
            Rewriting.destination(buf, packet, headers, high, low, port, partial);
            MssClamp.apply(buf, packet, length, headers, nat.mtu.getAsInt(), partial);
        }
        return NatVerdict.FORWARD;
    }

    /** Whether the latest flow got another destination. */
    boolean changed() {
        return changed;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    int port() {
        return port;
    }
}

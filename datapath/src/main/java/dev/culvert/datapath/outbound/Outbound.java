package dev.culvert.datapath.outbound;

import dev.culvert.datapath.icmp.UnreachableWriter;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.nat.Nat;
import dev.culvert.datapath.nat.OutboundNat;
import dev.culvert.datapath.scheduling.LoadMeter;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.InnerPacket;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.Keypair;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What happens to a packet that was read from the TUN. Outbound thread. */
public final class Outbound implements OutboundDuty {
    private final AllowedIps allowedIps;
    private final Sealer sealer;
    private final UnreachableWriter unreachable;
    private final DropCounters drops;
    private final LoadMeter meter;

    /** One clock read serves a batch. */
    private long nowNs;

    private boolean inBatch;

    private volatile @Nullable OutboundNat nextNat;

    /** Of this batch; null: nothing is translated. */
    private @Nullable OutboundNat nat;

    /**
     * @param sealer of this thread
     * @param unreachable where the answers to packets without a way go
     * @param drops of this thread
     * @param meter of this direction
     */
    public Outbound(
            AllowedIps allowedIps,
            Sealer sealer,
            UnreachableWriter unreachable,
            DropCounters drops,
            LoadMeter meter) {
        this.allowedIps = allowedIps;
        this.sealer = sealer;
        this.unreachable = unreachable;
        this.drops = drops;
        this.meter = meter;
    }

    @Override
    public void onTunRead(MemorySegment buf, long offset, int length) {
        if (!inBatch) {
            inBatch = true;
            nowNs = Libc.clockBoottimeNs();
            nat = nextNat;
        }
        meter.count(length);
        long packet = offset + VirtioNetHeader.BYTES;
        int packetLength = length - VirtioNetHeader.BYTES;
        int version = packetLength < 1 ? 0 : InnerPacket.version(buf, packet);
        Peer peer;
        if (version == 4 && packetLength >= InnerPacket.IPV4_HEADER_LENGTH) {
            if (nat != null && !translated(nat, buf, offset, length)) {
                return;
            }
            peer = allowedIps.lookup4(InnerPacket.destination4(buf, packet));
        } else if (version == 6 && packetLength >= InnerPacket.IPV6_HEADER_LENGTH) {
            if (nat != null && !translated(nat, buf, offset, length)) {
                return;
            }
            peer =
                    allowedIps.lookup6(
                            InnerPacket.destination6Hi(buf, packet),
                            InnerPacket.destination6Lo(buf, packet));
        } else {
            drops.count(DropReason.INNER_NOT_IP);
            return;
        }
        UdpEndpoint to = peer == null ? null : (UdpEndpoint) peer.endpoint();
        if (peer == null || to == null) {
            drops.count(peer == null ? DropReason.NO_PEER : DropReason.NO_ENDPOINT);
            unreachable.answer(buf, packet, packetLength, nowNs);
            return;
        }
        send(peer, to, buf, offset, length);
    }

    /** Whether the packet goes on. */
    private boolean translated(OutboundNat by, MemorySegment buf, long offset, int length) {
        switch (by.translate(buf, offset, length, nowNs)) {
            case FORWARD -> {
                return true;
            }
            case PROHIBIT ->
                    unreachable.prohibit(
                            buf,
                            offset + VirtioNetHeader.BYTES,
                            length - VirtioNetHeader.BYTES,
                            nowNs);
            case RETURN -> unreachable.giveBack(buf, offset, length);
            case DROP, HOLD -> {}
        }
        return false;
    }

    /** Translates from the next batch on; null: not any more. Any thread. */
    public void translate(@Nullable Nat with) {
        nextNat = with == null ? null : with.outbound(drops);
    }

    private void send(Peer peer, UdpEndpoint to, MemorySegment buf, long offset, int length) {
        Keypair keypair = peer.sendKeypair(nowNs);
        // Behind packets that wait for a session already, this one waits as well.
        if (keypair == null
                || peer.hasStaged()
                || !sealer.seal(peer, keypair, to, buf, offset, length, nowNs)) {
            peer.stage(buf, offset, length, nowNs, drops);
        }
    }

    @Override
    public void onBatchEnd() {
        sealer.endBatch(nowNs);
        meter.onBatchEnd(nowNs);
        if (nat != null) {
            nat.onBatchEnd(nowNs);
        }
        inBatch = false;
    }
}

package dev.culvert.datapath.home;

import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.outbound.DatagramRun;
import dev.culvert.datapath.outbound.Sealer;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.device.Action;
import dev.culvert.wg.device.Device;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.Keypair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the engine asks for. Home thread. */
public final class ActionRunner {
    /** AF41, as the kernel marks handshake messages. */
    private static final int HANDSHAKE_TOS = 0x88;

    private static final int STAGED_CAPACITY_BYTES =
            VirtioNetHeader.BYTES + 65_535 + OutboundDuty.TAIL_ROOM_BYTES;

    private static final Logger log = LoggerFactory.getLogger(ActionRunner.class);

    private final DatagramRun run;
    private final Sealer sealer;
    private final DropCounters drops;
    private final MemorySegment staged;

    /**
     * @param arena lives as long as this
     * @param run of the home thread
     * @param sealer of the home thread, on {@code run}
     * @param drops of the home thread
     */
    public ActionRunner(Arena arena, DatagramRun run, Sealer sealer, DropCounters drops) {
        this.run = run;
        this.sealer = sealer;
        this.drops = drops;
        this.staged = arena.allocate(STAGED_CAPACITY_BYTES, 64);
    }

    /** Takes and runs every action that the device has now. */
    void runAll(Device device, long nowNs) {
        boolean any = false;
        for (Action action = device.pollAction(); action != null; action = device.pollAction()) {
            any = true;
            run(action, nowNs);
        }
        if (any) {
            sealer.endBatch(nowNs);
        }
    }

    /** For a pattern switch the JVM makes a class when it comes by: in the first handshake. */
    private void run(Action action, long nowNs) {
        if (action instanceof Action.SendMessage send) {
            run.sendMessage((UdpEndpoint) send.to(), HANDSHAKE_TOS, send.message(), nowNs);
        } else if (action instanceof Action.SendStaged send) {
            sendStaged(send.peer(), nowNs);
        } else if (action instanceof Action.SendKeepalive send) {
            sendKeepalive(send.peer(), nowNs);
        } else if (action instanceof Action.Happened happened) {
            log.debug("{}: {}", happened.peer(), happened.what());
        }
    }

    private void sendStaged(Peer peer, long nowNs) {
        Keypair keypair = peer.sendKeypair(nowNs);
        UdpEndpoint to = (UdpEndpoint) peer.endpoint();
        peer.drainStaged(
                staged,
                0,
                (buf, offset, length) -> sendOne(peer, keypair, to, buf, offset, length, nowNs));
    }

    private void sendOne(
            Peer peer,
            @Nullable Keypair keypair,
            @Nullable UdpEndpoint to,
            MemorySegment buf,
            long offset,
            int length,
            long nowNs) {
        if (to == null) {
            drops.count(DropReason.NO_ENDPOINT);
        } else if (keypair == null || !sealer.seal(peer, keypair, to, buf, offset, length, nowNs)) {
            drops.count(DropReason.STAGED_DISCARDED);
        }
    }

    private void sendKeepalive(Peer peer, long nowNs) {
        Keypair keypair = peer.sendKeypair(nowNs);
        UdpEndpoint to = (UdpEndpoint) peer.endpoint();
        if (keypair != null && to != null) {
            sealer.sealKeepalive(peer, keypair, to, nowNs);
        }
    }
}

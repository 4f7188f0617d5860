package dev.culvert.datapath.outbound;

import dev.culvert.datapath.ecn.Ecn;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.tun.gso.GsoSplitter;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.transport.Transport;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Seals packets of the TUN into datagrams. It holds the keypair that it used last, so that a batch
 * to one peer acquires it once; {@link #endBatch} lets go of it. One thread at a time; allocates
 * nothing per packet.
 */
public final class Sealer {
    private final int worker;
    private final IntSupplier mtu;
    private final DatagramRun run;
    private final DropCounters drops;
    private final GsoSplitter splitter = new GsoSplitter();
    private @Nullable Keypair held;
    private @Nullable AeadKey heldKey;

    /**
     * @param worker 0: the home thread, 1..: outbound threads
     * @param mtu of the TUN, asked for once per super-packet
     * @param run where datagrams are laid out
     * @param drops the calling thread's
     */
    public Sealer(int worker, IntSupplier mtu, DatagramRun run, DropCounters drops) {
        this.worker = worker;
        this.mtu = mtu;
        this.run = run;
        this.drops = drops;
    }

    /**
     * Splits, seals and appends one TUN read to the run.
     *
     * @param keypair of {@code peer}, to send with
     * @param offset of the virtio header
     * @param length header and packet
     * @return false: the keypair cannot be used any more, nothing was sealed and nothing changed
     */
    public boolean seal(
            Peer peer,
            Keypair keypair,
            UdpEndpoint to,
            MemorySegment buf,
            long offset,
            int length,
            long nowNs) {
        AeadKey key = hold(keypair);
        if (key == null) {
            return false;
        }
        int segments = splitter.begin(buf, offset, length);
        if (segments < 0) {
            drops.count(DropReason.SUPER_PACKET_MALFORMED);
            return true;
        }
        long counter = keypair.reserve(segments);
        if (counter == -1) {
            return false;
        }
        int tos = Ecn.encapsulated(Ecn.innerTos(buf, offset + VirtioNetHeader.BYTES));
        int mtuBytes = mtu.getAsInt();
        while (splitter.next()) {
            int paddedLength = Transport.paddedLength(splitter.packetLength(), mtuBytes);
            long at =
                    run.room(peer, to, tos, paddedLength + MessageTransport.OVERHEAD, true, nowNs);
            if (at < 0) {
                drops.count(DropReason.PACKET_TOO_LONG);
            } else {
                splitter.pad(paddedLength);
                Transport.seal(
                        keypair,
                        key,
                        counter,
                        buf,
                        splitter.packetOffset(),
                        paddedLength,
                        run.buffer(),
                        at);
            }
            counter++;
        }
        return true;
    }

    /** Seals a keepalive. Returns false: the keypair cannot be used any more. */
    public boolean sealKeepalive(Peer peer, Keypair keypair, UdpEndpoint to, long nowNs) {
        AeadKey key = hold(keypair);
        long counter = key == null ? -1 : keypair.reserve(1);
        if (key == null || counter == -1) {
            return false;
        }
        long at = run.room(peer, to, 0, MessageTransport.KEEPALIVE_LENGTH, false, nowNs);
        Transport.seal(keypair, key, counter, run.buffer(), at, 0, run.buffer(), at);
        return true;
    }

    private @Nullable AeadKey hold(Keypair keypair) {
        if (keypair == held) {
            return heldKey;
        }
        letGo();
        if (!keypair.acquire()) {
            return null;
        }
        held = keypair;
        heldKey = keypair.sealKey(worker);
        return heldKey;
    }

    private void letGo() {
        Keypair keypair = held;
        if (keypair != null) {
            held = null;
            heldKey = null;
            keypair.release();
        }
    }

    /** Sends what is left of the run and lets go of the keypair. */
    public void endBatch(long nowNs) {
        run.flush(nowNs);
        letGo();
    }
}

package dev.culvert.datapath.inbound;

import dev.culvert.datapath.ecn.Ecn;
import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.nat.InboundNat;
import dev.culvert.datapath.nat.Nat;
import dev.culvert.datapath.scheduling.LoadMeter;
import dev.culvert.datapath.udp.ControlMessages;
import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.gro.GroCoalescer;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.device.Wakeup;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.InnerPacket;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.transport.Transport;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** What happens to a datagram. Inbound thread. */
public final class Inbound implements InboundDuty {
    private final int worker;
    private final IndexTable indexTable;
    private final AllowedIps allowedIps;
    private final HandshakeRing handshakes;
    private final Wakeup home;
    private final GroCoalescer coalescer;
    private final DropCounters drops;
    private final LoadMeter meter;
    private final ControlMessages control = new ControlMessages();

    /** One clock read serves a batch. */
    private long nowNs;

    private boolean inBatch;
    private boolean wakeHome;

    private volatile @Nullable InboundNat nextNat;

    /** Of this batch; null: nothing is translated. */
    private @Nullable InboundNat nat;

    // The run of transport messages under one keypair, which is held for it.
    private @Nullable Keypair held;
    private @Nullable AeadKey heldKey;
    private int heldIndex;
    private int runPackets;
    private long runBytes;
    private boolean runHasData;

    /** Whether the held keypair's peer is known to be where the current receive came from. */
    private boolean endpointIsCurrent;

    /** Where the last handshake message came from: who floods us costs no object per message. */
    private @Nullable UdpEndpoint handshakeFrom;

    // The owner of the last source address, good for this batch.
    private @Nullable Peer sourceOwner;
    private int sourceVersion;
    private long sourceHigh;
    private long sourceLow;

    /**
     * @param worker 0..: inbound threads
     * @param handshakes of this thread
     * @param home reaches the home thread
     * @param coalescer of this thread
     * @param drops of this thread
     * @param meter of this direction
     */
    public Inbound(
            int worker,
            IndexTable indexTable,
            AllowedIps allowedIps,
            HandshakeRing handshakes,
            Wakeup home,
            GroCoalescer coalescer,
            DropCounters drops,
            LoadMeter meter) {
        this.worker = worker;
        this.indexTable = indexTable;
        this.allowedIps = allowedIps;
        this.handshakes = handshakes;
        this.home = home;
        this.coalescer = coalescer;
        this.drops = drops;
        this.meter = meter;
    }

    @Override
    public void onReceive(
            UdpSocket socket, MemorySegment buf, long offset, int length, ReceivedMessage meta) {
        if (!inBatch) {
            inBatch = true;
            nowNs = Libc.clockBoottimeNs();
            nat = nextNat;
        }
        meter.count(length);
        if (meta.truncated() || length == 0) {
            drops.count(DropReason.NOT_A_MESSAGE);
            return;
        }
        control.parse(meta);
        endpointIsCurrent = false;
        int segmentBytes = control.segmentBytes();
        if (segmentBytes <= 0 || segmentBytes > length) {
            segmentBytes = length;
        }
        for (int at = 0; at < length; at += segmentBytes) {
            onDatagram(buf, offset + at, Math.min(segmentBytes, length - at), meta);
        }
    }

    private void onDatagram(MemorySegment buf, long offset, int length, ReceivedMessage meta) {
        switch (MessageType.of(buf, offset, length)) {
            case MessageType.TRANSPORT -> onTransport(buf, offset, length, meta);
            case MessageType.INITIATION, MessageType.RESPONSE, MessageType.COOKIE_REPLY ->
                    onHandshake(buf, offset, length, meta);
            default -> drops.count(DropReason.NOT_A_MESSAGE);
        }
    }

    private void onHandshake(MemorySegment buf, long offset, int length, ReceivedMessage meta) {
        if (handshakes.isFull()) {
            drops.count(DropReason.HANDSHAKE_QUEUE_FULL);
            return;
        }
        UdpEndpoint from = handshakeFrom;
        if (from == null || !from.matches(meta, control)) {
            from = UdpEndpoint.of(meta, control);
            handshakeFrom = from;
        }
        handshakes.put(buf, offset, length, from);
        wakeHome = true;
    }

    private void onTransport(MemorySegment buf, long offset, int length, ReceivedMessage meta) {
        int index = MessageTransport.receiverIndex(buf, offset);
        if (held == null || index != heldIndex) {
            hold(index);
        }
        Keypair keypair = held;
        AeadKey key = heldKey;
        if (keypair == null || key == null) {
            return;
        }
        int opened = Transport.open(keypair, key, buf, offset, length);
        if (opened < 0) {
            drops.count(DropReason.ofCode(opened));
            return;
        }
        runPackets++;
        runBytes += length;
        Peer peer = keypair.peer();
        if (!endpointIsCurrent) {
            follow(peer, meta);
        }
        if (opened > 0) {
            runHasData = true;
            deliver(peer, buf, offset + MessageTransport.PAYLOAD_OFFSET, opened);
        }
    }

    /** Holds the keypair of an index, or counts why there is none. */
    private void hold(int index) {
        settle();
        Keypair keypair = indexTable.lookup(index);
        if (keypair == null) {
            drops.count(DropReason.UNKNOWN_SESSION);
            return;
        }
        if (keypair.expired(nowNs) || !keypair.acquire()) {
            drops.count(DropReason.SESSION_EXPIRED);
            return;
        }
        held = keypair;
        heldKey = keypair.openKey(worker);
        heldIndex = index;
        endpointIsCurrent = false;
    }

    /** Accounts for the run under the held keypair and lets go of it. */
    private void settle() {
        Keypair keypair = held;
        if (keypair == null) {
            return;
        }
        if (runPackets > 0) {
            keypair.peer().onReceived(nowNs, keypair, runHasData, runPackets, runBytes);
        }
        runPackets = 0;
        runBytes = 0;
        runHasData = false;
        held = null;
        heldKey = null;
        keypair.release();
    }

    /** The peer is answered where its last authenticated packet came from. */
    private void follow(Peer peer, ReceivedMessage meta) {
        endpointIsCurrent = true;
        Endpoint known = peer.endpoint();
        if (!(known instanceof UdpEndpoint udp) || !udp.matches(meta, control)) {
            peer.roam(UdpEndpoint.of(meta, control));
        }
    }

    private void deliver(Peer peer, MemorySegment buf, long offset, int length) {
        int totalLength = InnerPacket.totalLength(buf, offset, length);
        if (totalLength < 0) {
            drops.count(DropReason.ofCode(totalLength));
        } else if (ownerOfSource(buf, offset) != peer) {
            drops.count(DropReason.SOURCE_NOT_ALLOWED);
        } else if (!Ecn.decapsulate(buf, offset, control.tos())) {
            drops.count(DropReason.CONGESTION_MARK_NOT_UNDERSTOOD);
        } else if (nat != null) {
            translate(nat, buf, offset, totalLength);
        } else {
            coalescer.add(buf, offset, totalLength);
        }
    }

    private void translate(InboundNat by, MemorySegment buf, long offset, int length) {
        switch (by.translate(buf, offset, length, nowNs)) {
            case FORWARD -> {
                coalescer.add(buf, offset, length);
                if (by.nextReleased()) {
                    release(by);
                }
            }
            case DROP, HOLD, PROHIBIT, RETURN -> {}
        }
    }

    /** Writes the fragments that the latest one brings with it, while they are there. */
    private void release(InboundNat by) {
        do {
            coalescer.add(by.heldMemory(), by.releasedOffset(), by.releasedLength());
        } while (by.nextReleased());
        coalescer.flush();
    }

    /** Translates from the next batch on; null: not any more. Any thread. */
    public void translate(@Nullable Nat with) {
        nextNat = with == null ? null : with.inbound(drops);
    }

    private @Nullable Peer ownerOfSource(MemorySegment buf, long offset) {
        int version = InnerPacket.version(buf, offset);
        long high;
        long low;
        if (version == 4) {
            high = 0;
            low = InnerPacket.source4(buf, offset);
        } else {
            high = InnerPacket.source6Hi(buf, offset);
            low = InnerPacket.source6Lo(buf, offset);
        }
        if (low != sourceLow || high != sourceHigh || version != sourceVersion) {
            sourceLow = low;
            sourceHigh = high;
            sourceVersion = version;
            sourceOwner =
                    version == 4 ? allowedIps.lookup4((int) low) : allowedIps.lookup6(high, low);
        }
        return sourceOwner;
    }

    @Override
    public void onBatchEnd() {
        // Before the packets are written: who answers them must find the session confirmed.
        settle();
        coalescer.flush();
        if (wakeHome) {
            wakeHome = false;
            home.wake();
        }
        meter.onBatchEnd(nowNs);
        sourceVersion = 0;
        sourceOwner = null;
        inBatch = false;
    }
}

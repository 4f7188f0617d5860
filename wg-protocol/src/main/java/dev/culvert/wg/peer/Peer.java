package dev.culvert.wg.peer;

import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.transport.Keypair;
import java.lang.foreign.MemorySegment;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A peer as the packet path sees it. Any thread, unless said otherwise; the methods of the packet
 * path do not allocate (but {@link #stage}) and do not block.
 */
public final class Peer {
    private final byte[] publicKey;
    private final PeerRequests requests;
    private final StagedPackets staged;
    private final Traffic traffic;
    private final AtomicReference<@Nullable Endpoint> endpoint = new AtomicReference<>();
    private volatile @Nullable Keypair current;
    private volatile boolean handshakeInFlight;

    /** Link of {@link PeerRequests}. */
    @Nullable Peer olderRequest;

    /**
     * Home thread.
     *
     * @param publicKey32 the static public key, copied
     * @param nowNs no traffic was before this
     */
    public Peer(byte[] publicKey32, PeerRequests requests, StagedBudget budget, long nowNs) {
        this.publicKey = publicKey32.clone();
        this.requests = requests;
        this.staged = new StagedPackets(budget);
        this.traffic = new Traffic(nowNs);
    }

    /** The static public key, 32 bytes, a copy. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Where packets to this peer go; null: not known yet. */
    public @Nullable Endpoint endpoint() {
        return endpoint.get();
    }

    /**
     * Sets the endpoint, configured or as an authenticated packet came from there. Call it only
     * when it differs from {@link #endpoint()}, source address included.
     */
    public void roam(Endpoint to) {
        endpoint.set(to);
    }

    /** Forgets the sticky source address. */
    public void clearSource() {
        Endpoint now = endpoint.get();
        if (now != null) {
            // Unless the peer roamed meanwhile: then the source is fresh.
            endpoint.compareAndSet(now, now.withoutSource());
        }
    }

    /** The keypair to send with, or null: then {@link #stage} the packet. */
    public @Nullable Keypair sendKeypair(long nowNs) {
        Keypair keypair = current;
        return keypair != null && keypair.canSend(nowNs) ? keypair : null;
    }

    /** Whether packets wait for a session: later ones have to be staged behind them. */
    public boolean hasStaged() {
        return staged.isHolding();
    }

    /**
     * Copies a packet until there is a session, and asks the home thread for one. Counts older
     * packets that are dropped for it as {@link DropReason#STAGED_OVERFLOW}.
     *
     * @param length bytes of one TUN read, virtio header included
     * @param drops the calling thread's
     */
    public void stage(MemorySegment buf, long offset, int length, long nowNs, DropCounters drops) {
        int dropped = staged.add(buf, offset, length, nowNs);
        if (dropped > 0) {
            drops.count(DropReason.STAGED_OVERFLOW, dropped);
        }
        traffic.demanded(nowNs);
        // While a handshake is in flight its end flushes; the home thread clears the flag first.
        if (!handshakeInFlight || sendKeypair(nowNs) != null) {
            request(PeerRequests.FLUSH);
        }
    }

    /**
     * Hands every staged packet out, oldest first. Home thread.
     *
     * @param buf each packet is copied here, at {@code offset}; room for 65,545 bytes
     * @return how many there were
     */
    public int drainStaged(MemorySegment buf, long offset, StagedSink sink) {
        return staged.drain(buf, offset, sink);
    }

    /**
     * Counts packets that are about to be sent to this peer: whoever has the answer to one finds it
     * counted. A sending thread, once per batch and peer; {@link #onSent} or {@link #onSendFailed}
     * follows.
     *
     * @param packets datagrams
     * @param bytes of UDP payload, of all of them
     * @return when the peer was last heard, for {@link #onSent}
     */
    public long onSending(int packets, long bytes) {
        traffic.addTx(packets, bytes);
        return traffic.lastReceivedNs();
    }

    /**
     * Notes that the packets of {@link #onSending} were sent.
     *
     * @param data whether one of them was no keepalive
     * @param heardNs what {@link #onSending} returned
     */
    public void onSent(long nowNs, boolean data, long heardNs) {
        if (!data) {
            traffic.sent(nowNs);
        } else if (traffic.sentData(nowNs, heardNs)) {
            request(PeerRequests.TIMERS);
        }
        Keypair keypair = current;
        if (keypair != null && keypair.wantsRekeyOnSend(nowNs)) {
            traffic.demanded(nowNs);
            requestHandshake();
        }
    }

    /** Takes back what {@link #onSending} counted: nothing was sent. */
    public void onSendFailed(int packets, long bytes) {
        traffic.addTx(-packets, -bytes);
    }

    /**
     * Notes that transport messages of this peer were authenticated. An inbound thread, once per
     * batch and keypair, before or after their delivery.
     *
     * @param data whether one of them was no keepalive
     * @param packets datagrams
     * @param bytes of UDP payload, of all of them
     */
    public void onReceived(long nowNs, Keypair keypair, boolean data, int packets, long bytes) {
        traffic.addRx(packets, bytes);
        if (traffic.received(nowNs, data)) {
            request(PeerRequests.TIMERS);
        }
        if (!keypair.isConfirmed()) {
            keypair.confirm();
            request(PeerRequests.CONFIRMED);
        }
        Keypair sending = current;
        if (sending != null && sending.takeRekeyOnReceive(nowNs)) {
            requestHandshake();
        }
    }

    /** UDP payload bytes sent to this peer, or being sent. */
    public long txBytes() {
        return traffic.txBytes();
    }

    /** UDP payload bytes of authenticated packets from this peer. */
    public long rxBytes() {
        return traffic.rxBytes();
    }

    /** Datagrams sent to this peer, or being sent: data, keepalives and handshakes. */
    public long txPackets() {
        return traffic.txPackets();
    }

    /** Authenticated datagrams from this peer. */
    public long rxPackets() {
        return traffic.rxPackets();
    }

    /** Begins of traffic that timers are worked out from. For the engine. */
    public Traffic traffic() {
        return traffic;
    }

    /** Makes {@code keypair} the one to send with; null: none. Home thread. */
    public void setCurrent(@Nullable Keypair keypair) {
        current = keypair;
    }

    /** The keypair that {@link #setCurrent} set, usable or not. */
    public @Nullable Keypair current() {
        return current;
    }

    /**
     * Says whether a handshake of ours is in flight or scheduled: requests for one are pointless
     * then. Home thread; set it to false only after {@link #setCurrent}.
     */
    public void setHandshakeInFlight(boolean inFlight) {
        handshakeInFlight = inFlight;
    }

    /** Drops all staged packets. Home thread. */
    public int purgeStaged() {
        return staged.purge();
    }

    /** For a removed peer: drops all staged packets, and later ones at once. Home thread. */
    public int closeStaged() {
        return staged.close();
    }

    /**
     * The interface is down: drops all staged packets. Those that are read from the TUN now say
     * that it is up again and that we do not know it yet, so they are kept for a second. Home
     * thread.
     */
    public int suspendStaged() {
        return staged.suspend();
    }

    /**
     * The interface is up. Home thread.
     *
     * @return how many packets were dropped because they were staged longer ago
     */
    public int resumeStaged(long nowNs) {
        return staged.resume(nowNs);
    }

    /** How many packets are staged. */
    public int stagedPackets() {
        return staged.size();
    }

    private void requestHandshake() {
        if (!handshakeInFlight) {
            request(PeerRequests.HANDSHAKE);
        }
    }

    /**
     * Asks the home thread for something.
     *
     * @param what bits of {@link PeerRequests}
     */
    public void request(int what) {
        if (traffic.addRequest(what)) {
            requests.add(this);
        }
    }

    /**
     * Takes what was requested of this peer. Home thread, for a peer that it took from {@link
     * PeerRequests}, after {@link #olderRequest()}.
     *
     * @return bits of {@link PeerRequests}
     */
    public int takeRequest() {
        return traffic.takeRequests();
    }

    /** The next peer of the stack; read it before {@link #takeRequest}. Home thread. */
    public @Nullable Peer olderRequest() {
        return olderRequest;
    }

    /** The public key, abbreviated. */
    @Override
    public String toString() {
        String key = Base64.getEncoder().encodeToString(publicKey);
        return "peer(" + key.substring(0, 4) + "…" + key.substring(39, 43) + ")";
    }
}

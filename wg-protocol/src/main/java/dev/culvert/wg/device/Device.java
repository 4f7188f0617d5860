package dev.culvert.wg.device;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.EndpointFactory;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.timers.Timeouts;
import dev.culvert.wg.timers.Timer;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.PeerSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A WireGuard interface without sockets, threads, clock and randomness of its own. The home thread
 * owns it; {@link #allowedIps()}, {@link #indexTable()} and what they lead to are for the packet
 * path too, as documented there.
 *
 * <p>After each call that takes a time, take the actions with {@link #pollAction} until there are
 * none, and set the clock to {@link #nextDeadlineNs}. Times: {@code nowNs} of a clock that only
 * goes forward and counts suspend, {@code wallNs} since the Unix epoch.
 */
public final class Device implements AutoCloseable {
    /** Peers at most. */
    public static final int MAX_PEERS = 1 << 16;

    /** {@link #apply}: an endpoint that does not exist here. */
    public static final int EINVAL = 22;

    /** {@link #apply}: more than {@link #MAX_PEERS} peers. */
    public static final int ENOSPC = 28;

    /** The MTU of the TUN until it is known. */
    public static final int DEFAULT_MTU = 1420;

    private final DeviceState state;
    private final Initiations initiations;
    private final Sessions sessions;
    private final TrafficTimers timers;
    private final HandshakeMessages messages;
    private final Configuration configuration;
    private volatile int mtu = DEFAULT_MTU;

    /**
     * A device without keys and peers, down.
     *
     * @param random a cryptographic generator
     * @param shards outbound and inbound threads, each: workers 1..shards seal (0 is the home
     *     thread), workers 0..shards-1 open
     */
    public Device(
            AeadProvider provider,
            RandomGenerator random,
            EndpointFactory endpoints,
            Wakeup wakeup,
            int shards) {
        state = new DeviceState(provider, random, shards, wakeup);
        HandshakeGate gate = new HandshakeGate(state);
        initiations = new Initiations(state);
        sessions = new Sessions(state, initiations);
        timers = new TrafficTimers(state, initiations, sessions);
        messages = new HandshakeMessages(state, gate, sessions);
        configuration = new Configuration(state, endpoints, gate, initiations, sessions, timers);
    }

    /**
     * Takes a received datagram that is no transport message, as {@link
     * dev.culvert.wg.packet.MessageType#of} says.
     *
     * @param message not kept
     * @param length bytes of it
     * @param from kept as the peer's endpoint when the message is authentic
     * @param underLoad whether the queue of handshake messages is at least 1/8 full
     * @return why it was dropped, for the caller to count; null when it was used
     */
    public @Nullable DropReason handleHandshake(
            long nowNs, long wallNs, byte[] message, int length, Endpoint from, boolean underLoad) {
        return messages.handle(nowNs, wallNs, message, length, from, underLoad);
    }

    /** Runs every timer whose deadline has come. */
    public void handleTimeouts(long nowNs, long wallNs) {
        Timer<DevicePeer> timer = state.timers.pollExpired(nowNs);
        while (timer != null) {
            timers.expire(timer, nowNs, wallNs);
            timer = state.timers.pollExpired(nowNs);
        }
    }

    /** When {@link #handleTimeouts} is to be called; {@link Long#MAX_VALUE}: no timer runs. */
    public long nextDeadlineNs() {
        return state.timers.nextDeadlineNs();
    }

    /** Does what data-path threads have asked for since the last call; see {@link Wakeup}. */
    public void handleWakeups(long nowNs, long wallNs) {
        Peer peer = state.requests.takeAll();
        while (peer != null) {
            Peer older = peer.olderRequest();
            int requested = peer.takeRequest();
            DevicePeer asking = state.peers.get(peer);
            if (asking != null && state.up) {
                handleRequest(asking, requested, nowNs, wallNs);
            }
            peer = older;
        }
    }

    private void handleRequest(DevicePeer asking, int requested, long nowNs, long wallNs) {
        if ((requested & PeerRequests.CONFIRMED) != 0) {
            sessions.confirm(asking, wallNs);
        }
        if ((requested & PeerRequests.TIMERS) != 0) {
            timers.start(asking);
        }
        // A session that was made since is young: then there is nothing to do any more.
        if ((requested & PeerRequests.HANDSHAKE) != 0 && isOld(asking.peer.current(), nowNs)) {
            initiations.request(asking, nowNs, wallNs);
        }
        if ((requested & PeerRequests.FLUSH) != 0) {
            sessions.flush(asking, nowNs, wallNs);
        }
    }

    private static boolean isOld(@Nullable Keypair keypair, long nowNs) {
        return keypair == null
                || keypair.wantsRekeyOnSend(nowNs)
                || nowNs - keypair.createdNs() >= Timeouts.REKEY_AFTER_TIME_NS;
    }

    /** The next thing to be done for the device, in order; null: nothing. */
    public @Nullable Action pollAction() {
        return state.actions.poll();
    }

    /**
     * Applies private key and peers of a request, wholly or not at all. Listen port and fwmark are
     * not the engine's. The caller zeroes {@code set}.
     *
     * @return 0, or a positive errno: then nothing has changed
     */
    public int apply(UapiSet set, long nowNs, long wallNs) {
        return configuration.apply(set, nowNs, wallNs);
    }

    /**
     * The present state, peers and allowed IPs in the order in which they were added. The caller
     * zeroes it.
     *
     * @param listenPort of the sockets, which the engine does not know
     * @param fwmark of the sockets
     */
    public DeviceSnapshot snapshot(int listenPort, long fwmark) {
        StaticIdentity identity = state.identity;
        List<PeerSnapshot> peers =
                state.peers.all().stream()
                        .map(peer -> Snapshots.of(peer, state.allowedIps))
                        .toList();
        return new DeviceSnapshot(
                identity == null ? null : identity.privateKey(), listenPort, fwmark, peers);
    }

    /**
     * The interface came up: peers with a persistent keepalive get one at once, and those for which
     * packets have come before this did a handshake.
     */
    public void up(long nowNs, long wallNs) {
        if (state.up) {
            return;
        }
        state.up = true;
        for (DevicePeer peer : state.peers.all()) {
            peer.peer.traffic().reset(nowNs);
            peer.allowInitiation(nowNs);
            state.drops.count(DropReason.STAGED_DISCARDED, peer.peer.resumeStaged(nowNs));
            timers.startPersistentKeepalive(peer, nowNs, wallNs);
            if (peer.peer.hasStaged()) {
                initiations.request(peer, nowNs, wallNs);
            }
        }
    }

    /**
     * Starts a handshake with every peer that has an endpoint and no young session, without a
     * packet that wants one; nothing while it is down.
     */
    public void connect(long nowNs, long wallNs) {
        for (DevicePeer peer : state.peers.all()) {
            if (isOld(peer.peer.current(), nowNs)) {
                initiations.request(peer, nowNs, wallNs);
            }
        }
    }

    /**
     * Starts a handshake with every peer that has an endpoint, also where the session is young;
     * nothing while it is down.
     */
    public void renew(long nowNs, long wallNs) {
        for (DevicePeer peer : state.peers.all()) {
            initiations.request(peer, nowNs, wallNs);
        }
    }

    /**
     * The interface went down: timers stop, session keys are zeroed, staged packets and actions
     * dropped. Keys, peers and allowed IPs stay.
     */
    public void down() {
        state.up = false;
        for (DevicePeer peer : state.peers.all()) {
            timers.stop(peer);
            sessions.zero(peer);
            peer.peer.setHandshakeInFlight(false);
            state.drops.count(DropReason.STAGED_DISCARDED, peer.peer.suspendStaged());
        }
        state.actions.clear();
    }

    /** Whether it is up. */
    public boolean isUp() {
        return state.up;
    }

    /** Goes down and zeroes every key, the private key too; the device is empty then. */
    @Override
    public void close() {
        down();
        configuration.removeAll();
        StaticIdentity identity = state.identity;
        if (identity != null) {
            identity.close();
            state.identity = null;
        }
    }

    /** The MTU of the TUN, which padding does not exceed. Any thread. */
    public int mtu() {
        return mtu;
    }

    /** Follows the MTU of the TUN. */
    public void setMtu(int mtu) {
        this.mtu = mtu;
    }

    /** Which peer owns an inner address. */
    public AllowedIps allowedIps() {
        return state.allowedIps;
    }

    /** Which session a transport message belongs to. */
    public IndexTable indexTable() {
        return state.indexTable;
    }

    /** The peer of a public key; null: there is none. */
    public @Nullable Peer peer(byte[] publicKey) {
        DevicePeer peer = state.peers.get(publicKey);
        return peer == null ? null : peer.peer;
    }

    /** How many peers there are. */
    public int peerCount() {
        return state.peers.size();
    }

    /**
     * Forgets the sticky source address of every peer: local addresses or routes have changed, or
     * the sockets were bound again.
     */
    public void clearSources() {
        state.peers.all().forEach(peer -> peer.peer.clearSource());
    }

    /** Packets that the engine dropped by itself: staged ones. Any thread. */
    public DropCounters drops() {
        return state.drops;
    }

    /** Bytes that are staged for all peers together. Any thread. */
    public long stagedBytes() {
        return state.stagedBudget.usedBytes();
    }
}

package dev.culvert.wg.device;

import dev.culvert.wg.allowedips.Prefix;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.EndpointFactory;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.uapi.AllowedIpChange;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.PeerChange;
import dev.culvert.wg.uapi.UapiSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of keys and peers. A request is checked as a whole before any of it is applied. */
final class Configuration {
    /** A request that is checked: endpoints are made, and it fits. */
    private record Change(PeerChange peer, @Nullable Endpoint endpoint) {}

    private final DeviceState state;
    private final EndpointFactory endpoints;
    private final HandshakeGate gate;
    private final Initiations initiations;
    private final Sessions sessions;
    private final TrafficTimers timers;

    Configuration(
            DeviceState state,
            EndpointFactory endpoints,
            HandshakeGate gate,
            Initiations initiations,
            Sessions sessions,
            TrafficTimers timers) {
        this.state = state;
        this.endpoints = endpoints;
        this.gate = gate;
        this.initiations = initiations;
        this.sessions = sessions;
        this.timers = timers;
    }

    int apply(UapiSet set, long nowNs, long wallNs) {
        if (peersAfter(set) > Device.MAX_PEERS) {
            return Device.ENOSPC;
        }
        List<Change> changes = new ArrayList<>(set.peers().size());
        for (PeerChange peer : set.peers()) {
            EndpointAddress wanted = peer.endpoint();
            Endpoint endpoint =
                    wanted == null
                            ? null
                            : endpoints.create(wanted.address(), wanted.port(), wanted.scope());
            if (wanted != null && endpoint == null) {
                return Device.EINVAL;
            }
            changes.add(new Change(peer, endpoint));
        }
        byte[] privateKey = set.privateKey();
        if (privateKey != null) {
            setPrivateKey(privateKey, nowNs, wallNs);
        }
        if (set.replacePeers()) {
            removeAll();
        }
        for (Change change : changes) {
            apply(change, nowNs, wallNs);
        }
        state.allowedIps.index();
        return 0;
    }

    /** How many peers there would be; the one with our own key, which is left out, is counted. */
    private int peersAfter(UapiSet set) {
        int present = set.replacePeers() ? 0 : state.peers.size();
        if (present + set.peers().size() <= Device.MAX_PEERS) {
            return present + set.peers().size();
        }
        Set<Peers.Key> keys = new HashSet<>();
        if (!set.replacePeers()) {
            state.peers.all().forEach(peer -> keys.add(new Peers.Key(peer.peer.publicKey())));
        }
        for (PeerChange change : set.peers()) {
            Peers.Key key = new Peers.Key(change.publicKey());
            if (change.remove()) {
                keys.remove(key);
            } else if (!change.updateOnly()) {
                keys.add(key);
            }
        }
        return keys.size();
    }

    private void apply(Change change, long nowNs, long wallNs) {
        PeerChange wanted = change.peer();
        if (isOwnKey(wanted.publicKey())) {
            return;
        }
        DevicePeer peer = state.peers.get(wanted.publicKey());
        if (wanted.remove()) {
            if (peer != null) {
                remove(peer);
            }
            return;
        }
        if (peer == null) {
            if (wanted.updateOnly()) {
                return;
            }
            peer = add(wanted.publicKey(), nowNs);
        }
        byte[] presharedKey = wanted.presharedKey();
        if (presharedKey != null) {
            peer.setPresharedKey(presharedKey);
        }
        if (change.endpoint() != null) {
            peer.peer.roam(change.endpoint());
        }
        changeAllowedIps(peer.peer, wanted);
        if (wanted.persistentKeepaliveSeconds().isPresent()) {
            timers.setPersistentKeepalive(
                    peer, wanted.persistentKeepaliveSeconds().getAsInt(), nowNs, wallNs);
        }
        // Perhaps the endpoint is what staged packets have been waiting for.
        sessions.flush(peer, nowNs, wallNs);
    }

    private void changeAllowedIps(Peer peer, PeerChange wanted) {
        if (wanted.replaceAllowedIps()) {
            state.allowedIps.removeByPeer(peer);
        }
        for (AllowedIpChange change : wanted.allowedIps()) {
            Prefix prefix = Prefix.of(change.address(), change.prefixLength());
            if (change.remove()) {
                state.allowedIps.remove(prefix, peer);
            } else {
                state.allowedIps.insert(prefix, peer);
            }
        }
    }

    private DevicePeer add(byte[] publicKey, long nowNs) {
        Peer peer = new Peer(publicKey, state.requests, state.stagedBudget, nowNs);
        Keypairs keypairs = new Keypairs(peer, state.indexTable);
        DevicePeer added = new DevicePeer(publicKey, peer, keypairs, nowNs);
        if (!state.up) {
            peer.suspendStaged();
        }
        state.peers.add(added);
        return added;
    }

    /** Takes a peer away and zeroes its keys. */
    void remove(DevicePeer peer) {
        state.peers.remove(peer);
        state.allowedIps.removeByPeer(peer.peer);
        timers.stop(peer);
        sessions.zero(peer);
        peer.zero();
        state.drops.count(DropReason.STAGED_DISCARDED, peer.peer.closeStaged());
    }

    void removeAll() {
        List.copyOf(state.peers.all()).forEach(this::remove);
    }

    /**
     * Changes our identity. Sessions stay open for what is still on its way, but the next packet to
     * a peer needs a handshake under the new key, which may go at once.
     *
     * @param key all zero: none from now on
     */
    private void setPrivateKey(byte[] key, long nowNs, long wallNs) {
        StaticIdentity before = state.identity;
        StaticIdentity identity = isZero(key) ? null : new StaticIdentity(key, state.x25519);
        byte[] publicKey = identity == null ? null : identity.publicKey();
        if (before != null && publicKey != null && Arrays.equals(before.publicKey(), publicKey)) {
            if (identity != null) {
                identity.close();
            }
            return;
        }
        state.identity = identity;
        gate.setIdentity(publicKey);
        DevicePeer own = publicKey == null ? null : state.peers.get(publicKey);
        if (own != null) {
            remove(own);
        }
        for (DevicePeer peer : state.peers.all()) {
            renew(peer, nowNs, wallNs);
        }
        if (before != null) {
            before.close();
        }
    }

    private void renew(DevicePeer peer, long nowNs, long wallNs) {
        Keypair current = peer.peer.current();
        boolean hadSession = current != null && current.canSend(nowNs);
        initiations.abandon(peer);
        peer.forgetIdentity();
        peer.allowInitiation(nowNs);
        if (state.identity == null) {
            sessions.zero(peer);
            return;
        }
        peer.keypairs.stopSending();
        if (peer.peer.hasStaged()) {
            initiations.request(peer, nowNs, wallNs);
        } else if (hadSession) {
            initiations.announce(peer, nowNs, wallNs);
        }
    }

    private boolean isOwnKey(byte[] publicKey) {
        StaticIdentity identity = state.identity;
        return identity != null && Arrays.equals(identity.publicKey(), publicKey);
    }

    private static boolean isZero(byte[] key) {
        int bits = 0;
        for (byte b : key) {
            bits |= b;
        }
        return bits == 0;
    }
}

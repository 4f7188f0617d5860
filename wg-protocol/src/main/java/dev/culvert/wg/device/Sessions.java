package dev.culvert.wg.device;

import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.timers.Timeouts;
import dev.culvert.wg.transport.Keypair;

/** From derived keys to packets that use them, and back to zero. */
final class Sessions {
    private final DeviceState state;
    private final Initiations initiations;

    Sessions(DeviceState state, Initiations initiations) {
        this.state = state;
        this.initiations = initiations;
    }

    /** Takes the keys of a handshake, and zeroes {@code keys}. */
    void begin(DevicePeer with, SessionKeys keys, long nowNs) {
        Keypair keypair =
                new Keypair(with.peer, state.provider, keys, state.shards + 1, state.shards, nowNs);
        keys.zero();
        with.keypairs.add(keypair);
        state.timers.schedule(with.zeroKeys, nowNs + Timeouts.ZERO_KEYS_NS);
    }

    /** The response came: the initiator's side of a handshake is complete. */
    void completeAsInitiator(DevicePeer with, long wallNs) {
        complete(with, wallNs);
        if (with.peer.hasStaged()) {
            state.actions.add(new Action.SendStaged(with.peer));
        } else {
            // The responder may only send after it received something.
            state.actions.add(new Action.SendKeepalive(with.peer));
        }
    }

    /** The first packet under the next keypair came: so is the responder's. */
    void confirm(DevicePeer with, long wallNs) {
        if (with.keypairs.promoteConfirmed()) {
            complete(with, wallNs);
            if (with.peer.hasStaged()) {
                state.actions.add(new Action.SendStaged(with.peer));
            }
        }
    }

    /** Sends what is staged, for which it may need a session first. */
    void flush(DevicePeer to, long nowNs, long wallNs) {
        if (!to.peer.hasStaged()) {
            return;
        }
        if (to.peer.sendKeypair(nowNs) != null) {
            state.actions.add(new Action.SendStaged(to.peer));
        } else {
            initiations.request(to, nowNs, wallNs);
        }
    }

    /** Sends a keepalive; without a session, a handshake does as well and ends with one. */
    void sendKeepalive(DevicePeer to, long nowNs, long wallNs) {
        if (to.peer.sendKeypair(nowNs) != null) {
            state.actions.add(new Action.SendKeepalive(to.peer));
        } else {
            initiations.request(to, nowNs, wallNs);
        }
    }

    /** Zeroes the keys of every session, and of a handshake unless it is in flight. */
    void expire(DevicePeer with) {
        // After a suspend this timer is late, and a packet may have begun a handshake already.
        if (!with.retransmit.isArmed()) {
            with.clearHandshake();
            initiations.releaseIndex(with);
        }
        with.keypairs.clear();
        state.happened(with, Action.Event.KEYS_ZEROED);
    }

    /** Zeroes all keys, those of a pending handshake too. */
    void zero(DevicePeer with) {
        with.clearHandshake();
        initiations.releaseIndex(with);
        with.keypairs.clear();
    }

    private void complete(DevicePeer with, long wallNs) {
        with.lastHandshakeWallNs = wallNs;
        initiations.succeeded(with);
        state.happened(with, Action.Event.HANDSHAKE_COMPLETED);
    }
}

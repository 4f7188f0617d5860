package dev.culvert.wg.device;

import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageInitiation;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.timers.Timeouts;

/**
 * Our own initiations: one at a time for each peer, at least REKEY_TIMEOUT apart, repeated until
 * there is a session or REKEY_ATTEMPT_TIME has passed since data last wanted one (whitepaper §6.4).
 */
final class Initiations {
    private final DeviceState state;

    Initiations(DeviceState state) {
        this.state = state;
    }

    /** Wants a new session: now, or as soon as REKEY_TIMEOUT allows. */
    void request(DevicePeer to, long nowNs, long wallNs) {
        if (!state.up || state.identity == null || to.peer.endpoint() == null) {
            return;
        }
        to.attemptNs = nowNs;
        if (to.retransmit.isArmed()) {
            return;
        }
        long earliestNs = to.lastInitiationNs + Timeouts.REKEY_TIMEOUT_NS;
        if (nowNs - earliestNs >= 0) {
            send(to, nowNs, wallNs, Action.Event.HANDSHAKE_STARTED);
        } else {
            to.retryNs = earliestNs;
            scheduleRetry(to);
            to.peer.setHandshakeInFlight(true);
        }
    }

    /** The retransmit timer expired: nothing came back, or data wants the session for longer. */
    void retry(DevicePeer to, long nowNs, long wallNs) {
        if (nowNs - giveUpNs(to) >= 0) {
            giveUp(to, nowNs);
        } else if (nowNs - to.retryNs >= 0) {
            // Whatever was wrong with the way may be the address that we send from.
            to.peer.clearSource();
            send(to, nowNs, wallNs, Action.Event.HANDSHAKE_RETRIED);
        } else {
            scheduleRetry(to);
        }
    }

    /**
     * One initiation at once, without a retry: tells a peer with a session that our key has
     * changed. It holds back the next one for ANNOUNCEMENT only, as the peer may be told of our new
     * key after us.
     */
    void announce(DevicePeer to, long nowNs, long wallNs) {
        StaticIdentity identity = state.identity;
        Endpoint endpoint = to.peer.endpoint();
        if (state.up
                && identity != null
                && endpoint != null
                && write(to, identity, endpoint, nowNs, wallNs)) {
            to.allowInitiation(nowNs + Timeouts.ANNOUNCEMENT_NS);
        }
    }

    /** Ends the attempt, as there is a session; its pending initiation may still be answered. */
    void succeeded(DevicePeer to) {
        state.timers.cancel(to.retransmit);
        to.peer.setHandshakeInFlight(false);
    }

    /** Ends the attempt and forgets the pending initiation. */
    void abandon(DevicePeer to) {
        state.timers.cancel(to.retransmit);
        to.clearHandshake();
        releaseIndex(to);
        to.peer.setHandshakeInFlight(false);
    }

    /** Frees the index of the pending initiation. */
    void releaseIndex(DevicePeer to) {
        if (to.pendingIndex != null) {
            state.indexTable.remove(to.pendingIndex);
            to.pendingIndex = null;
        }
    }

    private void send(DevicePeer to, long nowNs, long wallNs, Action.Event event) {
        StaticIdentity identity = state.identity;
        Endpoint endpoint = to.peer.endpoint();
        if (identity == null || endpoint == null) {
            abandon(to);
            return;
        }
        if (!write(to, identity, endpoint, nowNs, wallNs)) {
            // A low-order public key: it is a peer, but no message can be made for it.
            abandon(to);
            state.drops.count(DropReason.STAGED_GIVEN_UP, to.peer.purgeStaged());
            return;
        }
        state.happened(to, event);
        to.lastInitiationNs = nowNs;
        to.retryNs = nowNs + Timeouts.REKEY_TIMEOUT_NS + state.jitterNs();
        scheduleRetry(to);
        to.peer.setHandshakeInFlight(true);
    }

    private boolean write(
            DevicePeer to, StaticIdentity identity, Endpoint endpoint, long nowNs, long wallNs) {
        releaseIndex(to);
        int index = state.indexTable.reserve(to.peer, state.random);
        byte[] message = new byte[MessageInitiation.LENGTH];
        if (!to.handshake(identity)
                .createInitiation(index, to.nextTimestamp(wallNs), state.random, message)) {
            state.indexTable.remove(index);
            return false;
        }
        to.pendingIndex = index;
        to.cookies.addMacs(message, message.length, nowNs);
        to.peer.traffic().addTx(1, message.length);
        to.peer.traffic().sent(nowNs);
        state.actions.add(new Action.SendMessage(endpoint, message));
        return true;
    }

    /** Staged packets are dropped; the next one starts a new attempt. */
    private void giveUp(DevicePeer to, long nowNs) {
        abandon(to);
        // After the flag was cleared, so that a packet staged from now on asks again.
        state.drops.count(DropReason.STAGED_GIVEN_UP, to.peer.purgeStaged());
        state.timers.cancel(to.keepalive);
        to.peer.traffic().stopOwingAnswer();
        to.peer.traffic().setKeepaliveTimerArmed(false);
        if (!to.zeroKeys.isArmed()) {
            state.timers.schedule(to.zeroKeys, nowNs + Timeouts.ZERO_KEYS_NS);
        }
        state.happened(to, Action.Event.HANDSHAKE_GIVEN_UP);
    }

    private void scheduleRetry(DevicePeer to) {
        long giveUpNs = giveUpNs(to);
        boolean retryFirst = to.retryNs - giveUpNs < 0;
        state.timers.schedule(to.retransmit, retryFirst ? to.retryNs : giveUpNs);
    }

    private static long giveUpNs(DevicePeer to) {
        long demandedNs = to.peer.traffic().demandedNs();
        long wantedNs = demandedNs - to.attemptNs > 0 ? demandedNs : to.attemptNs;
        return wantedNs + Timeouts.REKEY_ATTEMPT_TIME_NS;
    }
}

package dev.culvert.app.connection;

import dev.culvert.wg.uapi.PeerSnapshot;

/** Whether a peer answers, from its counters. */
final class PeerWatch {
    /** Without a session, since the last attempt; the engine makes one every five seconds. */
    private static final long FIRST_ANSWER_NS = 3_000_000_000L;

    /** By then an idle session would have been renewed, or answered a keepalive. */
    private static final long ANSWER_NS = 20_000_000_000L;

    private static final long PROOF_NS = 11_000_000_000L;

    /** REKEY_TIMEOUT: the engine asks no sooner again. */
    private static final long PROOF_INTERVAL_NS = 5_000_000_000L;

    /**
     * Where another way is at hand: two handshakes may be asked for within the time, as above, and
     * TCP, whose attempts are 6.4 and 12.8 s apart by then, makes its next one by the other way.
     */
    private static final long REPLACEABLE_ANSWER_NS = 10_000_000_000L;

    private static final long REPLACEABLE_PROOF_NS = 3_000_000_000L;

    private static final int KEEPALIVE_BYTES = 32;

    private boolean asked;
    private long askedNs;
    private long rxBytes;
    private long txBytes;
    private long txBytesAtAnswer;
    private long txPackets;
    private long txPacketsAtAnswer;
    private long handshakeWallNs;
    private long forgottenHandshakeWallNs;
    private long handshakes;
    private long waitingSinceNs;
    private boolean waiting;

    /** More than keepalives has gone unanswered since then. */
    private long wantedSinceNs;

    private boolean wanted;
    private boolean replaceable;
    private boolean connectedBefore;
    private long connectedSinceNs;

    /**
     * Takes a look.
     *
     * @param replaceable another way is at hand: it is judged sooner
     */
    void look(PeerSnapshot peer, boolean replaceable, long nowNs) {
        this.replaceable = replaceable;
        boolean answered = peer.rxBytes() != rxBytes;
        txBytes = peer.txBytes();
        txPackets = peer.txPackets();
        if (peer.lastHandshakeWallNs() != handshakeWallNs) {
            // They are seconds apart, the looks are not.
            handshakes++;
            handshakeWallNs = peer.lastHandshakeWallNs();
        }
        if (answered || txBytes < txBytesAtAnswer) {
            rxBytes = peer.rxBytes();
            startWaiting();
        } else {
            if (!waiting && txBytes > txBytesAtAnswer) {
                waiting = true;
                waitingSinceNs = nowNs;
            }
            if (!wanted && isMoreThanKeepalives()) {
                wanted = true;
                wantedSinceNs = nowNs;
            }
        }
        boolean connected = isConnected(nowNs);
        if (connected && !connectedBefore) {
            connectedSinceNs = nowNs;
        }
        connectedBefore = connected;
    }

    /** For an answer to what is sent from now on. */
    private void startWaiting() {
        txBytesAtAnswer = txBytes;
        txPacketsAtAnswer = txPackets;
        waiting = false;
        wanted = false;
        asked = false;
    }

    /** Nobody answers those. */
    private boolean isMoreThanKeepalives() {
        return txBytes - txBytesAtAnswer > KEEPALIVE_BYTES * (txPackets - txPacketsAtAnswer);
    }

    /** Completed handshakes. */
    long handshakes() {
        return handshakes;
    }

    private boolean hasSession() {
        return handshakeWallNs != forgottenHandshakeWallNs;
    }

    /** A session was made, and nothing has gone unanswered for too long since. */
    boolean isConnected(long nowNs) {
        return hasSession() && !isOverdue(nowNs);
    }

    /** With a session: it would have answered by now. */
    private boolean isOverdue(long nowNs) {
        return (waiting && nowNs - waitingSinceNs >= ANSWER_NS)
                || (wantsHaste() && nowNs - wantedSinceNs >= REPLACEABLE_ANSWER_NS);
    }

    private boolean wantsHaste() {
        return replaceable && wanted;
    }

    /** Since it was first seen connected without a break; 0: it is not. */
    long connectedForNs(long nowNs) {
        return connectedBefore ? nowNs - connectedSinceNs : 0;
    }

    /**
     * Time to ask for a handshake: what was sent may have been keepalives, which nobody answers.
     * What is no keepalive a peer answers within ten seconds.
     */
    boolean wantsProof(long nowNs) {
        boolean due =
                (waiting && nowNs - waitingSinceNs >= PROOF_NS)
                        || (wantsHaste() && nowNs - wantedSinceNs >= REPLACEABLE_PROOF_NS);
        if (!due || !hasSession() || (asked && nowNs - askedNs < PROOF_INTERVAL_NS)) {
            return false;
        }
        asked = true;
        askedNs = nowNs;
        return true;
    }

    /** Time to try elsewhere. */
    boolean isUnanswered(long nowNs) {
        return hasSession()
                ? isOverdue(nowNs)
                : waiting && nowNs - waitingSinceNs >= FIRST_ANSWER_NS;
    }

    /** Another address has its chance, from the next attempt on. */
    void startOver() {
        startWaiting();
        forgottenHandshakeWallNs = handshakeWallNs;
    }
}

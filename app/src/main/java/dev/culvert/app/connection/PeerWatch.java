package dev.culvert.app.connection;

import dev.culvert.wg.uapi.PeerSnapshot;

/** Whether a peer answers, from its counters. */
final class PeerWatch {
    /** Without a session, since the last attempt; the engine makes one every five seconds. */
    private static final long FIRST_ANSWER_NS = 3_000_000_000L;

    /** By then an idle session would have been renewed, or answered a keepalive. */
    private static final long ANSWER_NS = 20_000_000_000L;

    private static final long PROOF_NS = 11_000_000_000L;
    private static final long PROOF_INTERVAL_NS = 5_000_000_000L;

    private long proofNs = PROOF_NS;
    private long rxBytes;
    private long txBytes;
    private long txBytesAtAnswer;
    private long handshakeWallNs;
    private long forgottenHandshakeWallNs;
    private long handshakes;
    private long waitingSinceNs;
    private boolean waiting;
    private boolean connectedBefore;
    private long connectedSinceNs;

    /** Takes a look. */
    void look(PeerSnapshot peer, long nowNs) {
        boolean answered = peer.rxBytes() != rxBytes;
        txBytes = peer.txBytes();
        if (peer.lastHandshakeWallNs() != handshakeWallNs) {
            // They are seconds apart, the looks are not.
            handshakes++;
            handshakeWallNs = peer.lastHandshakeWallNs();
        }
        if (answered || txBytes < txBytesAtAnswer) {
            rxBytes = peer.rxBytes();
            txBytesAtAnswer = txBytes;
            waiting = false;
        } else if (!waiting && txBytes > txBytesAtAnswer) {
            waiting = true;
            waitingSinceNs = nowNs;
            proofNs = PROOF_NS;
        }
        boolean connected = isConnected(nowNs);
        if (connected && !connectedBefore) {
            connectedSinceNs = nowNs;
        }
        connectedBefore = connected;
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
        return hasSession() && !(waiting && nowNs - waitingSinceNs >= ANSWER_NS);
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
        if (!waiting || !hasSession() || nowNs - waitingSinceNs < proofNs) {
            return false;
        }
        proofNs += PROOF_INTERVAL_NS;
        return true;
    }

    /** Time to try elsewhere. */
    boolean isUnanswered(long nowNs) {
        return waiting && nowNs - waitingSinceNs >= (hasSession() ? ANSWER_NS : FIRST_ANSWER_NS);
    }

    /** Another address has its chance, from the next attempt on. */
    void startOver() {
        waiting = false;
        txBytesAtAnswer = txBytes;
        forgottenHandshakeWallNs = handshakeWallNs;
    }
}

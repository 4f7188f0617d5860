package dev.culvert.app.sidecar;

import dev.culvert.wg.uapi.PeerSnapshot;

/** Whether a peer answers, from its counters. */
final class PeerWatch {
    /** Without a session, since the last attempt; the engine makes one every five seconds. */
    private static final long FIRST_ANSWER_NS = 3_000_000_000L;

    /** By then an idle session would have been renewed, or answered a keepalive. */
    private static final long ANSWER_NS = 20_000_000_000L;

    private long rxBytes;
    private long txBytes;
    private long txBytesAtAnswer;
    private long handshakeWallNs;
    private long forgottenHandshakeWallNs;
    private long handshakes;
    private long waitingSinceNs;
    private boolean waiting;

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
        }
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

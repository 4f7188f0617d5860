package dev.culvert.app.sidecar;

import dev.culvert.wg.uapi.PeerSnapshot;

/** Whether a peer answers, from its counters. */
final class PeerWatch {
    /** No session yet: how long an address has until the next one is tried. */
    private static final long FIRST_ANSWER_NS = 5_000_000_000L;

    /** By then an idle session would have been renewed, or answered a keepalive. */
    private static final long ANSWER_NS = 20_000_000_000L;

    private long rxBytes;
    private long txBytesAtAnswer;
    private long waitingSinceNs;
    private boolean waiting;
    private boolean hadSession;

    /** Takes a look. */
    void look(PeerSnapshot peer, long nowNs) {
        boolean answered = peer.rxBytes() != rxBytes;
        if (answered || peer.txBytes() < txBytesAtAnswer) {
            rxBytes = peer.rxBytes();
            txBytesAtAnswer = peer.txBytes();
            waiting = false;
        } else if (!waiting && peer.txBytes() > txBytesAtAnswer) {
            waiting = true;
            waitingSinceNs = nowNs;
        }
        hadSession |= peer.lastHandshakeWallNs() > 0;
    }

    /** A session was made, and nothing has gone unanswered for too long since. */
    boolean isConnected(long nowNs) {
        return hadSession && !(waiting && nowNs - waitingSinceNs >= ANSWER_NS);
    }

    /** Time to try elsewhere. */
    boolean isUnanswered(long nowNs) {
        return waiting && nowNs - waitingSinceNs >= (hadSession ? ANSWER_NS : FIRST_ANSWER_NS);
    }

    /** Another address has its chance from now on. */
    void startOver() {
        waiting = false;
        hadSession = false;
    }
}

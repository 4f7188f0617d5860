package dev.culvert.app.connection;

import dev.culvert.app.health.Readiness;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.PeerSnapshot;

/**
 * Whether a peer was heard of lately. WireGuard makes no new session for a tunnel without traffic,
 * so an idle one would look like a dead one: it gets a handshake before the last one is too old.
 */
final class Freshness {
    /** REJECT_AFTER_TIME: no session lives longer. */
    static final long MAX_AGE_S = 180;

    private static final long RENEW_AGE_S = 145;
    private static final long RENEW_INTERVAL_NS = 10_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private static final Readiness NO_HANDSHAKE = new Readiness(false, "no handshake yet");

    private Readiness readiness = NO_HANDSHAKE;
    private boolean old;
    private boolean asked;
    private long askedNs;

    /** Takes a look. */
    void look(DeviceSnapshot snapshot, long wallNs) {
        long youngestS = Long.MAX_VALUE;
        boolean silent = false;
        for (PeerSnapshot peer : snapshot.peers()) {
            if (peer.lastHandshakeWallNs() == 0) {
                continue;
            }
            if (peer.rxBytes() == 0) {
                silent = true;
                continue;
            }
            youngestS = Math.min(youngestS, ageS(peer, wallNs));
        }
        old = youngestS != Long.MAX_VALUE && youngestS >= RENEW_AGE_S;
        if (youngestS < MAX_AGE_S) {
            readiness = new Readiness(true, "connected");
        } else if (youngestS != Long.MAX_VALUE) {
            // Not the age: a text that changes each second would be written each second.
            readiness = new Readiness(false, "the last handshake is older than 180 s");
        } else {
            readiness = silent ? new Readiness(false, "nothing was received yet") : NO_HANDSHAKE;
        }
    }

    private static long ageS(PeerSnapshot peer, long wallNs) {
        return Math.max(0, wallNs - peer.lastHandshakeWallNs()) / NS_PER_S;
    }

    Readiness readiness() {
        return readiness;
    }

    /** Time to ask for another session; not at each look. */
    boolean wantsHandshake(long nowNs) {
        if (!old || (asked && nowNs - askedNs < RENEW_INTERVAL_NS)) {
            return false;
        }
        asked = true;
        askedNs = nowNs;
        return true;
    }
}

package dev.culvert.app.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.uapi.PeerSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerWatchTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final PeerWatch watch = new PeerWatch();
    private boolean replaceable;
    private long txPackets;
    private long nowNs;

    /** Whatever was sent since the last look was one packet. */
    private void look(long atSeconds, long rxBytes, long txBytes, long handshakeWallNs) {
        nowNs = atSeconds * SECOND_NS;
        watch.look(
                new PeerSnapshot(
                        new byte[32],
                        null,
                        null,
                        handshakeWallNs,
                        txBytes,
                        rxBytes,
                        ++txPackets,
                        0,
                        0,
                        List.of()),
                replaceable,
                nowNs);
    }

    @Test
    void anAttemptWithoutAnAnswerIsTimeForTheNextAddress() {
        look(0, 0, 0, 0);
        look(9, 0, 0, 0);
        assertFalse(watch.isUnanswered(nowNs), "nothing was tried");
        look(10, 0, 148, 0);
        look(12, 0, 148, 0);
        assertFalse(watch.isUnanswered(nowNs));
        look(13, 0, 148, 0);
        assertTrue(watch.isUnanswered(nowNs));
        assertFalse(watch.isConnected(nowNs));
    }

    @Test
    void whatNobodyAnswersAsksForAHandshakeBeforeItIsJudged() {
        look(0, 92, 180, 5);
        look(25, 92, 212, 5);
        look(35, 92, 212, 5);
        assertFalse(watch.wantsProof(nowNs), "a peer may take ten seconds");
        look(36, 92, 212, 5);
        assertTrue(watch.wantsProof(nowNs));
        assertFalse(watch.wantsProof(nowNs), "once");
        look(37, 184, 360, 36);
        look(50, 184, 360, 36);
        assertTrue(watch.isConnected(nowNs));
        assertFalse(watch.wantsProof(nowNs), "it has answered");
    }

    @Test
    void theNextAddressIsJudgedFromItsOwnAttemptOn() {
        look(0, 0, 148, 0);
        look(3, 0, 148, 0);
        watch.startOver();
        look(7, 0, 148, 0);
        assertFalse(watch.isUnanswered(nowNs), "not tried yet");
        look(8, 0, 296, 0);
        look(9, 92, 296, 5);
        assertTrue(watch.isConnected(nowNs));
    }

    @Test
    void aSilentSessionIsConnectedAndAnUnansweredOneIsNot() {
        look(0, 92, 180, 5);
        look(600, 92, 180, 5);
        assertTrue(watch.isConnected(nowNs), "idle");
        look(601, 92, 1000, 5);
        look(620, 92, 1000, 5);
        assertTrue(watch.isConnected(nowNs));
        look(621, 92, 1000, 5);
        assertFalse(watch.isConnected(nowNs));
        assertTrue(watch.isUnanswered(nowNs));
        watch.startOver();
        look(622, 92, 1000, 5);
        assertFalse(watch.isConnected(nowNs), "the old session does not count");
        look(623, 184, 1148, 7);
        assertTrue(watch.isConnected(nowNs));
    }

    @Test
    void isJudgedInTenSecondsWhereAnotherWayIsReady() {
        replaceable = true;
        look(0, 92, 180, 5);
        look(20, 92, 280, 5);
        look(22, 92, 380, 5);
        assertFalse(watch.wantsProof(nowNs));
        look(23, 92, 480, 5);
        assertTrue(watch.wantsProof(nowNs));
        look(27, 92, 780, 5);
        assertFalse(watch.wantsProof(nowNs), "the engine asks every five seconds");
        look(28, 92, 880, 5);
        assertTrue(watch.wantsProof(nowNs));
        look(29, 92, 980, 5);
        assertTrue(watch.isConnected(nowNs), "the second handshake has its time");
        look(30, 92, 1080, 5);
        assertFalse(watch.isConnected(nowNs));
        assertTrue(watch.isUnanswered(nowNs));
    }

    @Test
    void anAnsweredProofIsPatienceAnew() {
        replaceable = true;
        look(0, 92, 180, 5);
        look(20, 92, 280, 5);
        look(23, 92, 380, 5);
        assertTrue(watch.wantsProof(nowNs));
        look(24, 184, 528, 24);
        look(25, 184, 628, 24);
        look(34, 184, 728, 24);
        assertTrue(watch.isConnected(nowNs));
        look(35, 184, 828, 24);
        assertFalse(watch.isConnected(nowNs));
    }

    @Test
    void unansweredKeepalivesAreNoReasonForHaste() {
        replaceable = true;
        look(0, 92, 180, 5);
        look(5, 92, 212, 5);
        look(10, 92, 244, 5);
        assertFalse(watch.wantsProof(nowNs));
        look(15, 92, 276, 5);
        assertTrue(watch.isConnected(nowNs));
        assertFalse(watch.wantsProof(nowNs));
        look(16, 92, 308, 5);
        assertTrue(watch.wantsProof(nowNs));
        look(24, 92, 340, 5);
        assertTrue(watch.isConnected(nowNs));
        look(25, 92, 372, 5);
        assertFalse(watch.isConnected(nowNs));
    }
}

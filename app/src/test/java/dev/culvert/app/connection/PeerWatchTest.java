package dev.culvert.app.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.uapi.PeerSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerWatchTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int INITIATION_BYTES = 148;
    private static final int RESPONSE_BYTES = 92;
    private static final int KEEPALIVE_BYTES = 32;
    private static final int DATA_BYTES = 96;

    private final PeerWatch watch = new PeerWatch();
    private boolean replaceable;
    private long rxBytes;
    private long txBytes;
    private long txPackets;
    private long handshakeWallNs;
    private long nowNs;

    private void look(long atSeconds) {
        nowNs = atSeconds * SECOND_NS;
        watch.look(
                new PeerSnapshot(
                        new byte[32],
                        null,
                        null,
                        handshakeWallNs,
                        txBytes,
                        rxBytes,
                        txPackets,
                        0,
                        0,
                        List.of()),
                replaceable,
                nowNs);
    }

    private void send(long atSeconds, int bytes) {
        txBytes += bytes;
        txPackets++;
        look(atSeconds);
    }

    /** Asked for and answered between two looks. */
    private void shakeHands(long atSeconds) {
        rxBytes += RESPONSE_BYTES;
        handshakeWallNs = 1 + atSeconds * SECOND_NS;
        send(atSeconds, INITIATION_BYTES);
    }

    @Test
    void anAttemptWithoutAnAnswerIsTimeForTheNextAddress() {
        look(0);
        look(9);
        assertFalse(watch.isUnanswered(nowNs), "nothing was tried");
        send(10, INITIATION_BYTES);
        look(12);
        assertFalse(watch.isUnanswered(nowNs));
        look(13);
        assertTrue(watch.isUnanswered(nowNs));
        assertFalse(watch.isConnected(nowNs));
    }

    @Test
    void whatNobodyAnswersAsksForAHandshakeBeforeItIsJudged() {
        shakeHands(0);
        send(25, KEEPALIVE_BYTES);
        look(35);
        assertFalse(watch.wantsProof(nowNs), "a peer may take ten seconds");
        look(36);
        assertTrue(watch.wantsProof(nowNs));
        assertFalse(watch.wantsProof(nowNs), "once");
        shakeHands(37);
        look(50);
        assertTrue(watch.isConnected(nowNs));
        assertFalse(watch.wantsProof(nowNs), "it has answered");
    }

    @Test
    void theNextAddressIsJudgedFromItsOwnAttemptOn() {
        send(0, INITIATION_BYTES);
        look(3);
        watch.startOver();
        look(7);
        assertFalse(watch.isUnanswered(nowNs), "not tried yet");
        send(8, INITIATION_BYTES);
        shakeHands(9);
        assertTrue(watch.isConnected(nowNs));
    }

    @Test
    void aSilentSessionIsConnectedAndAnUnansweredOneIsNot() {
        shakeHands(0);
        look(600);
        assertTrue(watch.isConnected(nowNs), "idle");
        send(601, DATA_BYTES);
        look(620);
        assertTrue(watch.isConnected(nowNs));
        look(621);
        assertFalse(watch.isConnected(nowNs));
        assertTrue(watch.isUnanswered(nowNs));
        watch.startOver();
        look(622);
        assertFalse(watch.isConnected(nowNs), "the old session does not count");
        shakeHands(623);
        assertTrue(watch.isConnected(nowNs));
    }

    @Test
    void isJudgedInTenSecondsWhereAnotherWayIsReady() {
        replaceable = true;
        shakeHands(0);
        send(20, DATA_BYTES);
        look(22);
        assertFalse(watch.wantsProof(nowNs));
        look(23);
        assertTrue(watch.wantsProof(nowNs));
        send(27, INITIATION_BYTES);
        assertFalse(watch.wantsProof(nowNs), "the engine asks every five seconds");
        look(28);
        assertTrue(watch.wantsProof(nowNs));
        look(29);
        assertTrue(watch.isConnected(nowNs), "the second handshake has its time");
        look(30);
        assertFalse(watch.isConnected(nowNs));
        assertTrue(watch.isUnanswered(nowNs));
    }

    @Test
    void anAnsweredProofIsPatienceAnew() {
        replaceable = true;
        shakeHands(0);
        send(20, DATA_BYTES);
        look(23);
        assertTrue(watch.wantsProof(nowNs));
        shakeHands(24);
        send(25, DATA_BYTES);
        look(34);
        assertTrue(watch.isConnected(nowNs));
        look(35);
        assertFalse(watch.isConnected(nowNs));
    }

    @Test
    void unansweredKeepalivesAreNoReasonForHaste() {
        replaceable = true;
        shakeHands(0);
        send(5, KEEPALIVE_BYTES);
        send(15, KEEPALIVE_BYTES);
        assertTrue(watch.isConnected(nowNs));
        assertFalse(watch.wantsProof(nowNs));
        look(16);
        assertTrue(watch.wantsProof(nowNs));
        look(24);
        assertTrue(watch.isConnected(nowNs));
        look(25);
        assertFalse(watch.isConnected(nowNs));
    }

    @Test
    void aPacketBehindKeepalivesIsJudgedFromItselfOn() {
        replaceable = true;
        shakeHands(0);
        send(5, KEEPALIVE_BYTES);
        send(10, DATA_BYTES);
        look(13);
        assertTrue(watch.wantsProof(nowNs));
        look(19);
        assertTrue(watch.isConnected(nowNs));
        look(20);
        assertFalse(watch.isConnected(nowNs));
    }
}

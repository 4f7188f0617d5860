package dev.culvert.wg.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.peer.StagedBudget;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.transport.TestSession;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class KeypairsTest {
    private static final AeadProvider PROVIDER = AeadProviders.select(AeadProviders.AUTO);

    private final Peer peer =
            new Peer(new byte[32], new PeerRequests(() -> {}), new StagedBudget(0), 0);
    private final IndexTable table = new IndexTable();
    private final Keypairs keypairs = new Keypairs(peer, table);
    private int index;

    private Keypair add(boolean initiator) {
        index++;
        RandomGenerator fixed = () -> (long) index << Integer.SIZE;
        table.reserve(peer, fixed);
        TestSession session = TestSession.create(PROVIDER, 1, 0, index, index);
        Keypair keypair = initiator ? session.initiator() : session.responder();
        keypairs.add(keypair);
        return keypair;
    }

    private boolean receives(Keypair keypair) {
        boolean reachable = table.lookup(keypair.localIndex()) == keypair;
        assertEquals(!reachable, keypair.isRetired());
        assertEquals(!reachable, keypair.isZeroed());
        return reachable;
    }

    @Test
    void anInitiatorsIsUsedAtOnceAndTheOneBeforeStillReceives() {
        Keypair first = add(true);
        assertSame(first, peer.current());
        Keypair second = add(true);
        assertSame(second, peer.current());
        assertTrue(receives(first));
        Keypair third = add(true);
        assertSame(third, peer.current());
        assertTrue(receives(second));
        assertFalse(receives(first));
    }

    @Test
    void aRespondersReceivesButIsUsedOnlyOnceItIsConfirmed() {
        Keypair old = add(true);
        Keypair next = add(false);
        assertSame(old, peer.current());
        assertTrue(receives(next));
        assertFalse(keypairs.promoteConfirmed());
        next.confirm();
        assertTrue(keypairs.promoteConfirmed());
        assertSame(next, peer.current());
        assertTrue(receives(old));
        assertFalse(keypairs.promoteConfirmed());
    }

    @Test
    void aSecondUnconfirmedOneReplacesTheFirst() {
        Keypair first = add(false);
        Keypair second = add(false);
        assertFalse(receives(first));
        assertTrue(receives(second));
        assertNull(peer.current());
    }

    @Test
    void askingForANewSessionShowsThatThePreviousOneIsNotNeeded() {
        Keypair oldest = add(true);
        Keypair old = add(true);
        Keypair next = add(false);
        assertFalse(receives(oldest));
        assertTrue(receives(old));
        assertTrue(receives(next));
    }

    @Test
    void handshakesThatCrossKeepBothSessions() {
        Keypair old = add(true);
        Keypair asResponder = add(false);
        Keypair asInitiator = add(true);
        assertSame(asInitiator, peer.current());
        assertTrue(receives(asResponder));
        assertFalse(receives(old));
    }

    @Test
    void clearedThereIsNoneAndNoKeyIsLeft() {
        Keypair previous = add(true);
        Keypair current = add(true);
        Keypair next = add(false);
        keypairs.clear();
        assertNull(peer.current());
        assertFalse(receives(previous));
        assertFalse(receives(current));
        assertFalse(receives(next));
        assertEquals(0, table.size());
    }
}

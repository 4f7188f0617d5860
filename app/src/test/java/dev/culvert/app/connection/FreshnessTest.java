package dev.culvert.app.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FreshnessTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long HANDSHAKE_NS = 1_000 * SECOND_NS;

    private final Freshness freshness = new Freshness();

    @Test
    void isNotReadyBeforeTheFirstHandshake() {
        look(0, 0, 0);

        assertFalse(freshness.readiness().ready());
        assertEquals("no handshake yet", freshness.readiness().why());
        assertFalse(freshness.wantsHandshake(0), "the engine is at it");
    }

    @Test
    void isNotReadyBeforeSomethingWasReceived() {
        look(HANDSHAKE_NS, 0, 1);

        assertFalse(freshness.readiness().ready());
    }

    @Test
    void isReadyForAsLongAsASessionLives() {
        look(HANDSHAKE_NS, 92, 0);
        assertTrue(freshness.readiness().ready());
        look(HANDSHAKE_NS, 92, 179);
        assertTrue(freshness.readiness().ready());

        look(HANDSHAKE_NS, 92, 180);

        assertFalse(freshness.readiness().ready());
    }

    @Test
    void wantsAHandshakeBeforeAnIdleTunnelLooksDead() {
        look(HANDSHAKE_NS, 92, 120);
        assertFalse(freshness.wantsHandshake(0), "left to WireGuard");

        look(HANDSHAKE_NS, 92, 150);

        assertTrue(freshness.wantsHandshake(0));
        assertFalse(freshness.wantsHandshake(5 * SECOND_NS), "one at a time");
        assertTrue(freshness.wantsHandshake(11 * SECOND_NS));
    }

    private void look(long handshakeWallNs, long rxBytes, long ageS) {
        PeerSnapshot peer =
                new PeerSnapshot(
                        new byte[32],
                        new byte[32],
                        null,
                        handshakeWallNs,
                        0,
                        rxBytes,
                        0,
                        0,
                        0,
                        List.of());
        freshness.look(
                new DeviceSnapshot(null, 0, 0, List.of(peer)), HANDSHAKE_NS + ageS * SECOND_NS);
    }
}

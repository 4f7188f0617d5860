package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.packet.DropReason;
import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LossyLinkTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void halfAnHourOverABadLinkDeliversNothingTwiceAndRecovers(long seed) {
        PeerPair pair = new PeerPair(1000 + seed);
        pair.link.degrade(0.3, 0.2, 200);
        for (int i = 0; i < 1800; i++) {
            pair.send(i % 3 == 0 ? pair.b : pair.a, 60);
            pair.advance(seconds(1));
        }
        for (VirtualNode node : new VirtualNode[] {pair.a, pair.b}) {
            var delivered = PeerPair.delivered(node);
            assertEquals(delivered.size(), new HashSet<>(delivered).size(), "delivered twice");
        }
        double arrived = pair.a.delivered.size() + pair.b.delivered.size();
        assertTrue(arrived > 1800 * 0.6, arrived + " of 1800 arrived");

        pair.link.degrade(0, 0, 0);
        pair.advance(seconds(60));
        long toB = pair.send(pair.a, 60);
        pair.advance(seconds(1));
        long toA = pair.send(pair.b, 60);
        pair.advance(seconds(1));
        assertEquals(toB, PeerPair.delivered(pair.b).getLast());
        assertEquals(toA, PeerPair.delivered(pair.a).getLast());
        assertTrue(pair.a.device.indexTable().size() <= 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void simultaneousHandshakesOverAReorderingLinkLoseNextToNothing(long seed) {
        PeerPair pair = new PeerPair(2000 + seed);
        pair.link.degrade(0, 0.5, 500);
        for (int i = 0; i < 600; i++) {
            pair.send(pair.a, 60);
            pair.send(pair.b, 60);
            pair.advance(seconds(1));
        }
        pair.advance(seconds(1));
        // Two handshakes that cross leave no room for the session before them, and with it goes
        // what was half a second late.
        for (VirtualNode node : new VirtualNode[] {pair.a, pair.b}) {
            assertTrue(node.delivered.size() >= 595, node.delivered.size() + " of 600");
            assertEquals(
                    node.drops.total(),
                    node.drops.get(DropReason.COUNTER_REPLAYED)
                            + node.drops.get(DropReason.TIMESTAMP_REPLAYED)
                            + node.drops.get(DropReason.UNKNOWN_HANDSHAKE)
                            + node.drops.get(DropReason.UNKNOWN_SESSION));
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertEquals(run(42), run(42));
    }

    private static String run(long seed) {
        PeerPair pair = new PeerPair(seed);
        pair.link.degrade(0.3, 0.1, 100);
        for (int i = 0; i < 300; i++) {
            pair.send(pair.a, 60);
            pair.advance(ms(1000));
        }
        return pair.link.sent().size()
                + " "
                + pair.b.delivered.size()
                + " "
                + pair.link.sent().getLast().atNs();
    }

    @Test
    void aSessionSurvivesThreeDaysOfTraffic() {
        PeerPair pair = PeerPair.connected(3);
        pair.link.forgetData();
        pair.a.keepsDelivered = false;
        pair.b.keepsDelivered = false;
        long seconds = Duration.ofDays(3).toSeconds();
        for (long i = 0; i < seconds; i += 20) {
            pair.send(pair.a, 60);
            pair.send(pair.b, 60);
            pair.advance(seconds(20));
        }
        assertEquals(seconds / 20, pair.a.deliveredPackets);
        assertEquals(seconds / 20 + 1, pair.b.deliveredPackets);
        assertEquals(0, pair.a.drops.total() + pair.b.drops.total());
        int handshakes = pair.initiations(pair.a).size();
        assertTrue(handshakes <= seconds / 120, handshakes + " handshakes");
        assertEquals(0, pair.initiations(pair.b).size());
        assertTrue(pair.a.device.indexTable().size() <= 4);
    }
}

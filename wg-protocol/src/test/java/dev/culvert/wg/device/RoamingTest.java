package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoamingTest {
    private static final TestEndpoint ELSEWHERE = TestEndpoint.of(77, 7777);

    private final PeerPair pair = PeerPair.connected(40);

    @Test
    void dataFromANewAddressMovesTheEndpoint() {
        pair.a.address = ELSEWHERE;
        pair.send(pair.a, 60);
        pair.advance(ms(20));
        assertEquals(ELSEWHERE, pair.b.peerOf(pair.a).endpoint());
        long number = pair.send(pair.b, 60);
        pair.advance(ms(20));
        assertEquals(List.of(number), PeerPair.delivered(pair.a));
    }

    @Test
    void soDoesAKeepalive() {
        pair.a.address = ELSEWHERE;
        pair.setPersistentKeepalive(pair.a, 25);
        pair.advance(ms(20));
        assertEquals(ELSEWHERE, pair.b.peerOf(pair.a).endpoint());
    }

    @Test
    void soDoInitiationAndResponse() {
        pair.advance(seconds(200));
        pair.a.address = ELSEWHERE;
        pair.send(pair.a, 60);
        pair.advance(ms(10));
        assertEquals(ELSEWHERE, pair.b.peerOf(pair.a).endpoint());

        pair.advance(seconds(200));
        pair.send(pair.a, 60);
        pair.advance(ms(10));
        byte[] response = pair.sent(pair.b, MessageType.RESPONSE).getLast().bytes();
        pair.a.receive(TestEndpoint.of(78, 7878), response, pair.nowNs());
        assertEquals(TestEndpoint.of(78, 7878), pair.a.peerOf(pair.b).endpoint());
    }

    @Test
    void anUnauthenticPacketDoesNot() {
        pair.send(pair.a, 60);
        byte[] forged = pair.sent(pair.a, MessageType.TRANSPORT).getLast().bytes().clone();
        forged[20] ^= 1;
        pair.b.receive(ELSEWHERE, forged, pair.nowNs());
        assertEquals(1, pair.b.drops.get(DropReason.BAD_TAG));
        assertEquals(pair.a.address, pair.b.peerOf(pair.a).endpoint());
    }

    @Test
    void aReplayedPacketDoesNot() {
        byte[] again = pair.sent(pair.a, MessageType.TRANSPORT).getLast().bytes();
        pair.b.receive(ELSEWHERE, again, pair.nowNs());
        byte[] initiation = pair.initiations(pair.a).getLast().bytes();
        pair.b.receive(ELSEWHERE, initiation, pair.nowNs());
        assertEquals(1, pair.b.drops.get(DropReason.COUNTER_REPLAYED));
        assertEquals(1, pair.b.drops.get(DropReason.TIMESTAMP_REPLAYED));
        assertEquals(pair.a.address, pair.b.peerOf(pair.a).endpoint());
    }

    @Test
    void bothMayMoveInTurn() {
        for (int i = 0; i < 10; i++) {
            VirtualNode mover = i % 2 == 0 ? pair.a : pair.b;
            mover.address = TestEndpoint.of(100 + i, 1000 + i);
            pair.send(mover, 60);
            pair.advance(ms(20));
            pair.send(pair.other(mover), 60);
            pair.advance(ms(20));
        }
        assertEquals(11, pair.b.delivered.size());
        assertEquals(10, pair.a.delivered.size());
    }

    @Test
    void forgettingSourcesKeepsTheDestination() {
        pair.a.peerOf(pair.b).roam(new TestEndpoint(2, 51820, 9));
        pair.a.device.clearSources();
        assertEquals(pair.b.address, pair.a.peerOf(pair.b).endpoint());
    }
}

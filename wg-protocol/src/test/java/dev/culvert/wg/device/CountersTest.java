package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.packet.MessageType;
import org.junit.jupiter.api.Test;

final class CountersTest {
    /** An ICMP echo of {@code ping} with its default payload. */
    private static final int PING = 84;

    @Test
    void tenPingsCountExactlyAsTheyDoInTheKernelsOwnTest() {
        PeerPair pair = new PeerPair(50);
        for (int i = 0; i < 10; i++) {
            pair.send(pair.a, PING);
            pair.advance(ms(50));
            pair.send(pair.b, PING);
            pair.advance(ms(25));
        }
        assertEquals(1372, pair.a.peerOf(pair.b).rxBytes());
        assertEquals(1428, pair.a.peerOf(pair.b).txBytes());
        assertEquals(1428, pair.b.peerOf(pair.a).rxBytes());
        assertEquals(1372, pair.b.peerOf(pair.a).txBytes());
        // A handshake of two, and ten each way.
        assertEquals(11, pair.a.peerOf(pair.b).rxPackets());
        assertEquals(11, pair.a.peerOf(pair.b).txPackets());
        assertEquals(11, pair.b.peerOf(pair.a).rxPackets());
        assertEquals(11, pair.b.peerOf(pair.a).txPackets());
        pair.advance(seconds(11));
        assertEquals(1460, pair.a.peerOf(pair.b).txBytes(), "the last reply's keepalive");
        assertEquals(12, pair.a.peerOf(pair.b).txPackets());
    }

    @Test
    void everythingSentIsCountedAndOfWhatIsReceivedOnlyTheAuthentic() {
        PeerPair pair = PeerPair.connected(51);
        byte[] forged = pair.sent(pair.a, MessageType.TRANSPORT).getLast().bytes().clone();
        forged[30] ^= 1;
        long before = pair.b.peerOf(pair.a).rxBytes();
        long packetsBefore = pair.b.peerOf(pair.a).rxPackets();
        pair.b.receive(pair.a.address, forged, pair.nowNs());
        assertEquals(before, pair.b.peerOf(pair.a).rxBytes());
        assertEquals(packetsBefore, pair.b.peerOf(pair.a).rxPackets());

        long sent =
                pair.link.sent().stream()
                        .filter(d -> d.sender() == pair.a)
                        .mapToLong(d -> d.bytes().length)
                        .sum();
        assertEquals(sent, pair.a.peerOf(pair.b).txBytes());
        assertEquals(sent, pair.b.peerOf(pair.a).rxBytes());
    }

    @Test
    void theyOutliveSessionsAndTheDeviceGoingDown() {
        PeerPair pair = PeerPair.connected(52);
        long before = pair.a.peerOf(pair.b).txBytes();
        pair.a.device.down();
        pair.a.up(pair.nowNs());
        assertEquals(before, pair.a.peerOf(pair.b).txBytes());
    }
}

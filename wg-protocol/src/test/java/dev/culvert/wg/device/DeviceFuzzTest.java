package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.packet.MessageType;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hostile datagrams to a device with a session and a handshake in flight. JAZZER_FUZZ=1 looks for
 * new ones, else the corpus is replayed.
 */
final class DeviceFuzzTest {
    private static final TestEndpoint ATTACKER = TestEndpoint.of(66, 6);

    /** With a session, and an initiation that is never answered. */
    private final PeerPair pair = PeerPair.connected(5);

    DeviceFuzzTest() {
        pair.link.lose(d -> true);
        pair.advance(PeerPair.seconds(181));
        pair.send(pair.a, 60);
    }

    @FuzzTest
    void noDatagramOfAStrangerDoesMoreThanCount(byte @Nullable [] fuzzed) {
        attack(fuzzed == null ? new byte[0] : fuzzed);
    }

    private void attack(byte[] datagram) {
        long before = pair.a.drops.total();
        int sent = pair.link.sent().size();
        pair.a.receive(ATTACKER, datagram.clone(), pair.nowNs());
        // With a mac1 that is right, it gets past the first check.
        int type = MessageType.of(datagram, datagram.length);
        byte[] knowing = datagram.clone();
        if (type == MessageType.INITIATION || type == MessageType.RESPONSE) {
            new CookieGenerator(pair.a.publicKey).addMacs(knowing, knowing.length, 0);
        }
        pair.a.receive(ATTACKER, knowing, pair.nowNs());
        assertEquals(before + 2, pair.a.drops.total());
        assertEquals(sent, pair.link.sent().size(), "it was answered");
        assertEquals(pair.b.address, pair.a.peerOf(pair.b).endpoint());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neitherDoMutationsOfTrueMessages(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Datagram[] seen = pair.link.sent().toArray(Datagram[]::new);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = seen[random.nextInt(seen.length)].bytes().clone();
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                bytes = java.util.Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
            }
            attack(bytes);
        }
        pair.link.loseNothing();
        pair.advance(ms(6000));
        assertTrue(pair.b.delivered.size() >= 2, "the handshake in flight still completes");
    }
}

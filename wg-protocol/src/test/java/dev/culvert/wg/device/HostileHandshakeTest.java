package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageInitiation;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.tai64n.Tai64n;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class HostileHandshakeTest {
    private final PeerPair pair = new PeerPair(70);

    private long dropped(VirtualNode node) {
        return node.drops.total();
    }

    /** Every bit and every length; the messages are forged in flight. */
    private void attack(VirtualNode victim, Datagram original) {
        byte[] message = original.bytes();
        for (int bit = 0; bit < message.length * 8; bit++) {
            byte[] flipped = message.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            expectDropped(victim, original.from(), flipped, "bit " + bit);
        }
        for (int length = 0; length < message.length; length++) {
            expectDropped(
                    victim, original.from(), Arrays.copyOf(message, length), "length " + length);
        }
        for (int length = message.length + 1; length < message.length + 64; length++) {
            expectDropped(
                    victim, original.from(), Arrays.copyOf(message, length), "length " + length);
        }
    }

    private void expectDropped(VirtualNode victim, TestEndpoint from, byte[] message, String what) {
        long before = dropped(victim);
        victim.receive(from, message, pair.nowNs());
        assertEquals(before + 1, dropped(victim), what);
    }

    @Nested
    final class EveryFlippedBitAndLength {
        @Test
        void ofAnInitiationIsDropped() {
            pair.link.lose(d -> true);
            pair.send(pair.a, 60);
            Datagram initiation = pair.initiations(pair.a).getFirst();
            // mac2 is looked at under load only, where it has to be right.
            byte[] message = initiation.bytes();
            pair.b.underLoad = true;
            attack(pair.b, initiation);
            pair.b.underLoad = false;
            pair.advance(seconds(1));
            int sentByB = pair.sent(pair.b, MessageType.RESPONSE).size();
            assertEquals(0, sentByB);
            for (int bit = 0; bit < MessageInitiation.MAC2_OFFSET * 8; bit++) {
                byte[] flipped = message.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                expectDropped(pair.b, pair.a.address, flipped, "bit " + bit);
            }
            pair.b.receive(pair.a.address, message, pair.nowNs());
            assertEquals(1, pair.sent(pair.b, MessageType.RESPONSE).size(), "the true one works");
        }

        @Test
        void ofAResponseIsDropped() {
            pair.link.lose(d -> d.type() == MessageType.RESPONSE);
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            pair.a.underLoad = true;
            Datagram response = pair.sent(pair.b, MessageType.RESPONSE).getFirst();
            attack(pair.a, response);
            pair.a.underLoad = false;
            pair.advance(seconds(1));
            pair.a.receive(response.from(), response.bytes(), pair.nowNs());
            pair.advance(ms(100));
            assertEquals(1, pair.b.delivered.size(), "the true one works");
        }

        @Test
        void ofACookieReplyIsDropped() {
            pair.b.underLoad = true;
            pair.link.lose(d -> d.type() == MessageType.COOKIE_REPLY);
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            Datagram reply = pair.sent(pair.b, MessageType.COOKIE_REPLY).getFirst();
            attack(pair.a, reply);
            pair.a.receive(reply.from(), reply.bytes(), pair.nowNs());
            assertEquals(1, PeerPair.count(pair.a, Action.Event.COOKIE_RECEIVED));
        }
    }

    @Nested
    final class AForgedInitiation {
        private final StaticIdentity attacker = new StaticIdentity(key(99));

        /** An initiation to b as {@code sender} would write it, at a wall-clock time. */
        private byte[] initiation(StaticIdentity sender, long wallNs) {
            SplittableRandom random = new SplittableRandom(1);
            Handshake handshake = new Handshake(pair.b.publicKey);
            handshake.setIdentity(sender);
            byte[] timestamp = new byte[Tai64n.BYTES];
            Tai64n.stamp(wallNs, timestamp);
            byte[] message = new byte[MessageInitiation.LENGTH];
            assertTrue(handshake.createInitiation(7, timestamp, random, message));
            new CookieGenerator(pair.b.publicKey).addMacs(message, message.length, 0);
            return message;
        }

        private static byte[] key(int fill) {
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) fill);
            return key;
        }

        @Test
        void ofAnUnknownPeerIsDropped() {
            pair.b.receive(pair.a.address, initiation(attacker, 0), pair.nowNs());
            assertEquals(1, pair.b.drops.get(DropReason.UNKNOWN_PEER));
        }

        /**
         * The attacker knows a's public key and can make the static field say so, but not the
         * timestamp's key: nothing of it may be believed.
         */
        @Test
        void withAFutureTimestampDoesNotBurnTheKey() {
            byte[] ours = initiation(attacker, Long.MAX_VALUE);
            try (StaticIdentity a = new StaticIdentity(pair.a.privateKey)) {
                byte[] genuine = initiation(a, 1);
                System.arraycopy(
                        ours,
                        MessageInitiation.TIMESTAMP_OFFSET,
                        genuine,
                        MessageInitiation.TIMESTAMP_OFFSET,
                        28);
                new CookieGenerator(pair.b.publicKey).addMacs(genuine, genuine.length, 0);
                pair.b.receive(pair.a.address, genuine, pair.nowNs());
            }
            assertEquals(1, pair.b.drops.get(DropReason.HANDSHAKE_UNAUTHENTIC));
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(1, pair.b.delivered.size());
        }

        @Test
        void replayedIsDropped() {
            pair.connect();
            byte[] first = pair.initiations(pair.a).getFirst().bytes();
            pair.advance(seconds(10));
            pair.b.receive(pair.a.address, first, pair.nowNs());
            assertEquals(1, pair.b.drops.get(DropReason.TIMESTAMP_REPLAYED));
        }

        @Test
        void tooSoonAfterTheLastIsDropped() {
            try (StaticIdentity a = new StaticIdentity(pair.a.privateKey)) {
                pair.b.receive(pair.a.address, initiation(a, 1_000_000_000L), pair.nowNs());
                pair.advance(java.time.Duration.ofNanos(19_999_999));
                pair.b.receive(pair.a.address, initiation(a, 2_000_000_000L), pair.nowNs());
                assertEquals(1, pair.b.drops.get(DropReason.INITIATION_TOO_SOON));
                pair.advance(java.time.Duration.ofNanos(1));
                pair.b.receive(pair.a.address, initiation(a, 2_000_000_000L), pair.nowNs());
                assertEquals(1, pair.b.drops.total());
            }
        }

        @Test
        void leavesNoMemoryBehind() {
            try (StaticIdentity a = new StaticIdentity(pair.a.privateKey)) {
                for (int i = 1; i <= 500; i++) {
                    pair.b.receive(pair.a.address, initiation(a, i * 1_000_000_000L), pair.nowNs());
                    pair.b.receive(pair.a.address, initiation(attacker, i), pair.nowNs());
                    pair.advance(ms(20));
                }
            }
            assertEquals(500, pair.sent(pair.b, MessageType.RESPONSE).size());
            assertEquals(1, pair.b.device.indexTable().size(), "the last next keypair");
        }
    }

    @Test
    void aMessageBeforeThereIsAPrivateKeyIsDropped() {
        pair.send(pair.a, 60);
        byte[] initiation = pair.initiations(pair.a).getFirst().bytes();
        pair.b.setPrivateKey(new byte[32], pair.nowNs());
        pair.b.receive(pair.a.address, initiation, pair.nowNs());
        assertEquals(1, pair.b.drops.get(DropReason.NO_PRIVATE_KEY));
    }

    @Test
    void failedHandshakesDoNotLetTheTableOfIndicesGrow() {
        pair.link.lose(d -> true);
        for (int i = 0; i < 2000; i++) {
            pair.send(pair.a, 60);
            pair.advance(seconds(6));
        }
        assertEquals(1, pair.a.device.indexTable().size());
        assertTrue(pair.a.device.stagedBytes() <= 128 * 60);
    }
}

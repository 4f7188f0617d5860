package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageInitiation;
import dev.culvert.wg.packet.MessageType;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class CookieTest {
    private final PeerPair pair = new PeerPair(30);

    private static boolean hasMac2(Datagram initiation) {
        byte[] mac2 =
                Arrays.copyOfRange(
                        initiation.bytes(),
                        MessageInitiation.MAC2_OFFSET,
                        MessageInitiation.LENGTH);
        return !Arrays.equals(mac2, new byte[16]);
    }

    @Nested
    final class WhileTheResponderIsUnderLoad {
        WhileTheResponderIsUnderLoad() {
            pair.b.underLoad = true;
        }

        @Test
        void anInitiationIsAnsweredByACookieAndTheRetryWithItIsAccepted() {
            long number = pair.send(pair.a, 60);
            pair.advance(seconds(1));
            assertEquals(1, pair.sent(pair.b, MessageType.COOKIE_REPLY).size());
            assertEquals(0, pair.sent(pair.b, MessageType.RESPONSE).size());
            assertEquals(1, pair.b.drops.get(DropReason.COOKIE_DEMANDED));
            assertEquals(1, PeerPair.count(pair.a, Action.Event.COOKIE_RECEIVED));
            assertFalse(hasMac2(pair.initiations(pair.a).getFirst()));

            pair.advance(seconds(5));
            assertTrue(hasMac2(pair.initiations(pair.a).get(1)));
            assertEquals(number, PeerPair.delivered(pair.b).getFirst());
        }

        @Test
        void aWrongMac1IsMetWithSilence() {
            pair.send(pair.a, 60);
            byte[] forged = pair.initiations(pair.a).getFirst().bytes().clone();
            forged[MessageInitiation.MAC1_OFFSET] ^= 1;
            pair.b.receive(pair.a.address, forged, pair.nowNs());
            assertEquals(1, pair.b.drops.get(DropReason.BAD_MAC1));
            assertEquals(0, pair.sent(pair.b, MessageType.COOKIE_REPLY).size());
        }

        @Test
        void aCookieIsOnlyGoodFromTheAddressAndPortThatItWasSentTo() {
            pair.send(pair.a, 60);
            pair.advance(seconds(1));
            pair.a.address = TestEndpoint.of(1, 999);
            pair.advance(seconds(5));
            assertEquals(0, pair.b.delivered.size());
            assertEquals(2, pair.b.drops.get(DropReason.COOKIE_DEMANDED));
            pair.advance(seconds(5));
            assertEquals(1, pair.b.delivered.size(), "with the cookie for the new port");
        }

        @Test
        void aCookieReplyDoesNotMoveTheEndpoint() {
            pair.send(pair.a, 60);
            pair.advance(ms(15));
            byte[] reply = pair.sent(pair.b, MessageType.COOKIE_REPLY).getFirst().bytes();
            pair.a.receive(TestEndpoint.of(66, 6), reply, pair.nowNs());
            assertEquals(1, PeerPair.count(pair.a, Action.Event.COOKIE_RECEIVED));
            assertEquals(pair.b.address, pair.a.peerOf(pair.b).endpoint());
        }

        @Test
        void aForgedCookieReplyIsDropped() {
            pair.send(pair.a, 60);
            pair.link.lose(d -> true);
            pair.advance(ms(15));
            byte[] reply = pair.sent(pair.b, MessageType.COOKIE_REPLY).getFirst().bytes().clone();
            reply[40] ^= 1;
            pair.a.receive(pair.b.address, reply, pair.nowNs());
            assertEquals(1, pair.a.drops.get(DropReason.COOKIE_REPLY_UNAUTHENTIC));
            reply[40] ^= 1;
            reply[4] ^= 1;
            pair.a.receive(pair.b.address, reply, pair.nowNs());
            assertEquals(1, pair.a.drops.get(DropReason.UNKNOWN_HANDSHAKE));
        }

        @Test
        void moreThanABurstOfOneAddressIsDropped() {
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            pair.link.lose(d -> d.type() == MessageType.INITIATION);
            pair.advance(seconds(6));
            byte[] withCookie = pair.initiations(pair.a).get(1).bytes();
            for (int i = 0; i < 20; i++) {
                pair.b.receive(pair.a.address, withCookie, pair.nowNs());
            }
            assertEquals(15, pair.b.drops.get(DropReason.RATE_LIMITED));
            assertEquals(4, pair.b.drops.get(DropReason.TIMESTAMP_REPLAYED));
        }

        /** A global limit would let whoever holds a cookie lock everybody else out. */
        @Test
        void aFloodFromOneAddressThatHoldsACookieDoesNotLimitAnother() {
            TestEndpoint attacker = TestEndpoint.of(66, 6);
            CookieGenerator cookies = new CookieGenerator(pair.b.publicKey);
            byte[] flood = new byte[MessageInitiation.LENGTH];
            flood[0] = MessageType.INITIATION;
            cookies.addMacs(flood, flood.length, pair.nowNs());
            pair.b.receive(attacker, flood, pair.nowNs());
            byte[] reply = pair.sent(pair.b, MessageType.COOKIE_REPLY).getFirst().bytes();
            assertTrue(cookies.consumeReply(reply, pair.nowNs()));
            cookies.addMacs(flood, flood.length, pair.nowNs());

            pair.send(pair.a, 60);
            for (int i = 0; i < 600; i++) {
                for (int k = 0; k < 10; k++) {
                    pair.b.receive(attacker, flood, pair.nowNs());
                }
                pair.advance(ms(10));
            }
            assertEquals(1, pair.b.delivered.size());
            // 20 a second for 6 s, and the burst: no more of them cost a computation.
            long computed = pair.b.drops.get(DropReason.HANDSHAKE_UNAUTHENTIC);
            assertTrue(computed >= 120 && computed <= 126, computed + " were let through");
            assertEquals(6000 - computed, pair.b.drops.get(DropReason.RATE_LIMITED));
        }

        @Test
        void aFloodFromManyAddressesWithoutACookieCostsNoneOfThem() {
            pair.send(pair.a, 60);
            pair.advance(seconds(1));
            byte[] plain = pair.initiations(pair.a).getFirst().bytes();
            for (int i = 0; i < 1000; i++) {
                pair.b.receive(TestEndpoint.of(i % 200 + 10, i + 1), plain, pair.nowNs());
            }
            assertEquals(0, pair.b.drops.get(DropReason.RATE_LIMITED));
            pair.advance(seconds(5));
            assertEquals(1, pair.b.delivered.size());
        }

        @Test
        void aResponseNeedsACookieToo() {
            pair.b.underLoad = false;
            pair.a.underLoad = true;
            pair.send(pair.a, 60);
            pair.advance(seconds(1));
            assertEquals(1, pair.sent(pair.a, MessageType.COOKIE_REPLY).size());
            assertEquals(1, PeerPair.count(pair.b, Action.Event.COOKIE_RECEIVED));
            pair.advance(seconds(5));
            assertEquals(1, pair.b.delivered.size());
        }
    }

    @Nested
    final class WhenTheLoadIsOver {
        @Test
        void cookiesAreDemandedForOneMoreSecond() {
            pair.b.underLoad = true;
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            byte[] initiation = pair.initiations(pair.a).getFirst().bytes();
            pair.b.underLoad = false;
            pair.advance(ms(900));
            pair.b.receive(pair.a.address, initiation, pair.nowNs());
            assertEquals(2, pair.b.drops.get(DropReason.COOKIE_DEMANDED));
            pair.advance(ms(100));
            pair.b.receive(pair.a.address, initiation, pair.nowNs());
            assertEquals(2, pair.b.drops.get(DropReason.COOKIE_DEMANDED));
            assertEquals(1, pair.sent(pair.b, MessageType.RESPONSE).size());
        }

        @Test
        void aCookieIsUsedFor115Seconds() {
            pair.b.underLoad = true;
            pair.link.lose(d -> d.type() == MessageType.RESPONSE);
            for (int i = 0; i < 130; i++) {
                pair.send(pair.a, 60);
                pair.advance(seconds(1));
                if (i == 0) {
                    pair.b.underLoad = false;
                }
            }
            long receivedNs = pair.sent(pair.b, MessageType.COOKIE_REPLY).getFirst().atNs();
            for (Datagram initiation : pair.initiations(pair.a)) {
                long ageNs = initiation.atNs() - receivedNs - VirtualLink.LATENCY_NS;
                boolean fresh = ageNs > 0 && ageNs < seconds(115).toNanos();
                assertEquals(fresh, hasMac2(initiation), "cookie of " + ageNs + " ns");
            }
        }
    }

    @Test
    void withoutLoadMac2IsNotLookedAt() {
        pair.send(pair.a, 60);
        byte[] initiation = pair.initiations(pair.a).getFirst().bytes();
        initiation[MessageInitiation.MAC2_OFFSET] ^= 1;
        pair.advance(ms(100));
        assertEquals(1, pair.b.delivered.size());
        assertArrayEquals(new long[] {0}, new long[] {pair.b.drops.total()});
    }
}

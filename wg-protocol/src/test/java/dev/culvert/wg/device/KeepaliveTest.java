package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.packet.MessageType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class KeepaliveTest {
    private static final Duration NS = Duration.ofNanos(1);

    @Nested
    final class WithNothingToAnswerWith {
        private final PeerPair pair = new PeerPair(20);

        /** From here on everything is about a packet that b receives now. */
        WithNothingToAnswerWith() {
            pair.connect();
            pair.send(pair.b, 60);
            pair.advance(ms(100));
            pair.send(pair.a, 60);
            pair.advance(Duration.ofNanos(VirtualLink.LATENCY_NS));
        }

        @Test
        void aKeepaliveAnswersDataAfterTenSeconds() {
            pair.advance(seconds(10).minus(NS));
            assertEquals(0, pair.keepalives(pair.b).size());
            pair.advance(NS);
            assertEquals(1, pair.keepalives(pair.b).size());
        }

        @Test
        void aKeepaliveIsNotAnsweredByAKeepalive() {
            pair.advance(seconds(100));
            assertEquals(1, pair.keepalives(pair.b).size());
            assertEquals(0, pair.keepalives(pair.a).size());
        }

        @Test
        void dataOfOurOwnIsAnswerEnough() {
            pair.advance(seconds(9));
            pair.send(pair.b, 60);
            pair.advance(seconds(5));
            assertEquals(0, pair.keepalives(pair.b).size());
            pair.advance(seconds(6));
            assertEquals(1, pair.keepalives(pair.a).size(), "which a has to answer in turn");
        }

        @Test
        void aStreamInOneDirectionIsAnsweredEveryTenSeconds() {
            for (int i = 0; i < 100; i++) {
                pair.send(pair.a, 60);
                pair.advance(seconds(1));
            }
            int keepalives = pair.keepalives(pair.b).size();
            assertTrue(keepalives >= 9 && keepalives <= 10, keepalives + " keepalives");
            assertEquals(1, pair.initiations(pair.a).size());
        }
    }

    @Nested
    final class WithoutAnAnswer {
        private final PeerPair pair = PeerPair.connected(21);

        @Test
        void dataStartsANewHandshakeAfterFifteenSecondsAndJitter() {
            pair.advance(seconds(30));
            pair.link.lose(d -> d.sender() == pair.b);
            pair.send(pair.a, 60);
            pair.advance(seconds(15).minus(NS));
            assertEquals(1, pair.initiations(pair.a).size());
            pair.advance(ms(334));
            assertEquals(2, pair.initiations(pair.a).size());
        }

        @Test
        void theTimeCountsFromTheFirstUnansweredPacket() {
            pair.advance(seconds(30));
            pair.link.lose(d -> d.sender() == pair.b);
            for (int i = 0; i < 15; i++) {
                pair.send(pair.a, 60);
                pair.advance(seconds(1));
            }
            pair.advance(ms(334));
            assertEquals(2, pair.initiations(pair.a).size());
        }

        @Test
        void anAnswerStopsIt() {
            pair.advance(seconds(30));
            pair.send(pair.a, 60);
            pair.advance(seconds(60));
            assertEquals(1, pair.initiations(pair.a).size(), "the keepalive was the answer");
        }

        @Test
        void theStickySourceIsForgotten() {
            pair.advance(seconds(30));
            pair.a.peerOf(pair.b).roam(new TestEndpoint(2, 51820, 7));
            pair.link.lose(d -> d.sender() == pair.b);
            pair.send(pair.a, 60);
            pair.advance(seconds(16));
            assertEquals(0, pair.initiations(pair.a).getLast().to().source());
        }

        @Test
        void aPeerThatLostItsSessionIsReachableAgain() {
            pair.advance(seconds(30));
            pair.b.device.down();
            pair.b.up(pair.nowNs());
            pair.send(pair.a, 60);
            pair.advance(seconds(16));
            long number = pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(number, PeerPair.delivered(pair.b).getLast());
        }
    }

    @Nested
    final class WithAPersistentInterval {
        private final PeerPair pair = new PeerPair(22);

        @Test
        void oneGoesAtOnceWhenItIsSwitchedOn() {
            pair.connect();
            pair.advance(seconds(30));
            int before = pair.keepalives(pair.a).size();
            pair.setPersistentKeepalive(pair.a, 25);
            assertEquals(before + 1, pair.keepalives(pair.a).size());
            pair.setPersistentKeepalive(pair.a, 26);
            assertEquals(before + 1, pair.keepalives(pair.a).size(), "but not when it is changed");
        }

        @Test
        void itBringsASessionAboutAndKeepsItForever() {
            pair.setPersistentKeepalive(pair.a, 25);
            pair.advance(Duration.ofHours(1));
            assertEquals(0, pair.a.drops.total() + pair.b.drops.total());
            long number = pair.send(pair.b, 60);
            pair.advance(ms(20));
            assertEquals(List.of(number), PeerPair.delivered(pair.a));
        }

        @Test
        void theIntervalCountsFromTheLastPacketInEitherDirection() {
            pair.connect();
            pair.setPersistentKeepalive(pair.a, 25);
            pair.advance(seconds(20));
            pair.send(pair.b, 60);
            pair.advance(ms(10));
            int before = pair.keepalives(pair.a).size();
            pair.send(pair.a, 60);
            pair.advance(seconds(25).minus(NS));
            // The answer to a's data comes back after ten seconds and counts as well.
            assertEquals(before, pair.keepalives(pair.a).size());
            pair.advance(ms(10_020).plus(NS));
            assertEquals(before + 1, pair.keepalives(pair.a).size());
        }

        @Test
        void itGoesOutExactlyEveryInterval() {
            pair.connect();
            pair.advance(seconds(40));
            pair.setPersistentKeepalive(pair.a, 25);
            int before = pair.keepalives(pair.a).size();
            pair.advance(seconds(75));
            List<Datagram> sent = pair.keepalives(pair.a);
            assertEquals(before + 3, sent.size());
            for (int i = before; i < sent.size(); i++) {
                long gapNs = sent.get(i).atNs() - sent.get(i - 1).atNs();
                assertEquals(seconds(25).toNanos(), gapNs);
            }
        }

        @Test
        void itStopsWhenItIsSwitchedOff() {
            pair.setPersistentKeepalive(pair.a, 25);
            pair.advance(seconds(60));
            pair.setPersistentKeepalive(pair.a, 0);
            int before = pair.sent(pair.a, MessageType.TRANSPORT).size();
            pair.advance(seconds(600));
            assertEquals(before, pair.sent(pair.a, MessageType.TRANSPORT).size());
        }

        @Test
        void aPeerThatIsAwayIsTriedForever() {
            pair.link.lose(d -> true);
            pair.setPersistentKeepalive(pair.a, 25);
            pair.advance(Duration.ofHours(1));
            pair.link.loseNothing();
            // Attempts last 90 s, and the next one begins an interval after the last message.
            pair.advance(seconds(25));
            assertTrue(PeerPair.count(pair.a, Action.Event.HANDSHAKE_COMPLETED) > 0);
        }

        @Test
        void oneGoesAtOnceWhenTheDeviceComesUp() {
            pair.setPersistentKeepalive(pair.a, 25);
            pair.advance(seconds(1));
            pair.a.device.down();
            pair.advance(seconds(1));
            int before = pair.initiations(pair.a).size();
            pair.a.up(pair.nowNs());
            assertEquals(before + 1, pair.initiations(pair.a).size());
            pair.advance(ms(20));
            assertEquals(2, pair.keepalives(pair.a).size());
        }
    }
}

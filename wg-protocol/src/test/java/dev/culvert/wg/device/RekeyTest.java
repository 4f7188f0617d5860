package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.transport.Keypair;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class RekeyTest {
    /** When the session of a connected pair was made, seen from the initiator. */
    private static final Duration ESTABLISHED = ms(20);

    private final PeerPair pair = PeerPair.connected(10);
    private final Keypair ofA = current(pair.a);

    private Keypair current(VirtualNode node) {
        return Objects.requireNonNull(node.peerOf(pair.other(node)).current());
    }

    /** Lets time pass until the initiator's session has this age. */
    private void untilAge(Duration age) {
        pair.advance(age.plus(ESTABLISHED).minus(pair.elapsed()));
    }

    @Nested
    final class After120Seconds {
        @Test
        void theInitiatorStartsANewHandshakeWhenItSends() {
            untilAge(seconds(120).minusNanos(1));
            pair.send(pair.a, 60);
            assertEquals(1, pair.initiations(pair.a).size());
            pair.advance(Duration.ofNanos(1));
            pair.send(pair.a, 60);
            assertEquals(2, pair.initiations(pair.a).size());
            pair.advance(ms(100));
            assertNotSame(ofA, current(pair.a));
            assertEquals(3, pair.b.delivered.size());
        }

        @Test
        void theResponderDoesNot() {
            untilAge(seconds(179));
            pair.send(pair.b, 60);
            assertEquals(0, pair.initiations(pair.b).size());
        }

        @Test
        void oneHandshakeIsEnoughHoweverManyPacketsAreSent() {
            untilAge(seconds(121));
            for (int i = 0; i < 100; i++) {
                pair.send(pair.a, 60);
            }
            assertEquals(2, pair.initiations(pair.a).size());
        }

        @Test
        void packetsUnderTheOldSessionStillArrive() {
            untilAge(seconds(121));
            pair.send(pair.a, 60);
            pair.advance(ms(5));
            pair.send(pair.b, 60);
            pair.advance(ms(16));
            pair.send(pair.b, 60);
            pair.advance(seconds(1));
            assertEquals(2, pair.a.delivered.size());
            assertEquals(0, pair.a.drops.total());
        }

        @Test
        void aSessionWithoutTrafficIsNotRenewed() {
            pair.advance(Duration.ofHours(2));
            assertEquals(1, pair.initiations(pair.a).size());
        }
    }

    @Nested
    final class After165Seconds {
        @Test
        void anInitiatorThatOnlyListensStartsANewHandshakeWhenItReceives() {
            untilAge(seconds(164));
            pair.send(pair.b, 60);
            pair.advance(ms(500));
            assertEquals(1, pair.initiations(pair.a).size());
            pair.advance(ms(500));
            pair.send(pair.b, 60);
            pair.advance(ms(100));
            assertEquals(2, pair.initiations(pair.a).size());
        }

        @Test
        void itDoesSoOnceInASession() {
            pair.link.lose(d -> d.type() == MessageType.INITIATION);
            untilAge(seconds(165));
            pair.send(pair.b, 60);
            pair.advance(ms(100));
            int started = started();
            for (int i = 0; i < 10; i++) {
                pair.send(pair.b, 60);
                pair.advance(ms(100));
            }
            assertEquals(started, started());
        }

        private int started() {
            return (int) PeerPair.count(pair.a, Action.Event.HANDSHAKE_STARTED);
        }
    }

    @Nested
    final class After180Seconds {
        @Test
        void nothingIsSentUnderTheSession() {
            untilAge(seconds(180).minusNanos(1));
            assertSame(ofA, pair.a.peerOf(pair.b).sendKeypair(pair.nowNs()));
            pair.advance(Duration.ofNanos(1));
            assertNull(pair.a.peerOf(pair.b).sendKeypair(pair.nowNs()));
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(2, pair.b.delivered.size(), "staged until there was a new one");
            assertNotSame(ofA, current(pair.a));
        }

        @Test
        void nothingIsAcceptedUnderTheSession() {
            Keypair ofB = current(pair.b);
            untilAge(seconds(170));
            pair.link.lose(d -> true);
            pair.send(pair.b, 60);
            byte[] late = pair.sent(pair.b, MessageType.TRANSPORT).getLast().bytes();
            untilAge(seconds(180));
            pair.a.receive(pair.b.address, late, pair.nowNs());
            assertEquals(1, pair.a.drops.get(DropReason.SESSION_EXPIRED));
            assertTrue(ofB.expired(pair.nowNs()));
        }

        @Test
        void theResponderStartsAHandshakeWhenItWantsToSend() {
            untilAge(seconds(181));
            pair.send(pair.b, 60);
            pair.advance(ms(100));
            assertEquals(1, pair.initiations(pair.b).size());
            assertEquals(1, pair.a.delivered.size());
        }
    }

    @Nested
    final class After540Seconds {
        @Test
        void everyKeyOfBothSidesIsZeroed() {
            Keypair ofB = current(pair.b);
            pair.advance(seconds(540));
            assertTrue(ofA.isZeroed());
            assertTrue(ofB.isZeroed());
            assertNull(pair.a.device.indexTable().lookup(ofA.localIndex()));
            assertEquals(0, pair.a.device.indexTable().size());
            assertEquals(0, pair.b.device.indexTable().size());
        }

        @Test
        void notOneNanosecondEarlier() {
            untilAge(seconds(540).minusNanos(1));
            assertNotNull(pair.a.device.indexTable().lookup(ofA.localIndex()));
            pair.advance(Duration.ofNanos(1));
            assertNull(pair.a.device.indexTable().lookup(ofA.localIndex()));
        }

        @Test
        void noTimerRunsAnyMore() {
            pair.advance(seconds(600));
            assertEquals(Long.MAX_VALUE, pair.a.device.nextDeadlineNs());
            assertEquals(Long.MAX_VALUE, pair.b.device.nextDeadlineNs());
        }
    }

    @Nested
    final class AfterManyMessages {
        @Test
        void eitherSideStartsANewHandshakeAt2To60() {
            Keypair ofB = current(pair.b);
            ofB.skipTo(Keypair.REKEY_AFTER_MESSAGES - 1);
            pair.send(pair.b, 60);
            pair.advance(seconds(6));
            assertEquals(1, pair.initiations(pair.b).size());
            assertEquals(1, pair.a.delivered.size());
        }

        @Test
        void nothingIsSentFromRejectAfterMessagesOn() {
            ofA.skipTo(Keypair.REJECT_AFTER_MESSAGES - 1);
            pair.advance(seconds(6));
            pair.send(pair.a, 60);
            assertEquals(-1, ofA.reserve(1));
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(3, pair.b.delivered.size());
            assertNotSame(ofA, current(pair.a));
        }
    }

    @Test
    void replacedKeypairsAreZeroedAndLeaveTheIndexTable() {
        for (int i = 0; i < 100; i++) {
            pair.advance(seconds(121));
            pair.send(pair.a, 60);
            pair.advance(ms(100));
        }
        assertTrue(ofA.isZeroed());
        assertTrue(pair.a.device.indexTable().size() <= 4);
        assertTrue(pair.b.device.indexTable().size() <= 4);
        assertEquals(101, pair.b.delivered.size());
    }
}

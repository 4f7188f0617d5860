package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.transport.Keypair;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
    private final PeerPair pair = PeerPair.connected(90);

    @Nested
    final class GoingDown {
        @Test
        void zeroesSessionKeysAndStopsEveryTimer() {
            Keypair session = Objects.requireNonNull(pair.a.peerOf(pair.b).current());
            pair.setPersistentKeepalive(pair.a, 25);
            pair.a.device.down();
            assertTrue(session.isZeroed());
            assertEquals(Long.MAX_VALUE, pair.a.device.nextDeadlineNs());
            assertEquals(0, pair.a.device.indexTable().size());
            assertNull(pair.a.device.pollAction());
        }

        @Test
        void dropsWhatWasStaged() {
            pair.link.lose(d -> true);
            pair.advance(seconds(200));
            pair.send(pair.a, 60);
            pair.a.device.down();
            assertEquals(1, pair.a.device.drops().get(DropReason.STAGED_DISCARDED));
            assertEquals(0, pair.a.device.stagedBytes());
            assertEquals(Long.MAX_VALUE, pair.a.device.nextDeadlineNs());
        }

        /** They were read from the TUN before it was noticed that the interface went down. */
        @Test
        void packetsOfThatMomentDoNotWaitForTheNextUp() {
            pair.a.device.down();
            pair.send(pair.a, 60);
            assertEquals(Long.MAX_VALUE, pair.a.device.nextDeadlineNs());
            pair.advance(seconds(2));
            pair.a.up(pair.nowNs());
            assertEquals(1, pair.a.device.drops().get(DropReason.STAGED_DISCARDED));
            assertEquals(0, pair.a.device.stagedBytes());
            pair.advance(seconds(1));
            assertEquals(1, pair.b.delivered.size());
        }

        /** They were read from the TUN before it was noticed that the interface came up. */
        @Test
        void packetsThatComeJustBeforeTheNextUpAreSent() {
            pair.a.device.down();
            pair.send(pair.a, 60);
            pair.advance(seconds(5));
            long first = pair.send(pair.a, 60);
            pair.advance(ms(20));
            long second = pair.send(pair.a, 60);
            pair.a.up(pair.nowNs());
            pair.advance(ms(100));
            assertEquals(
                    List.of(first, second),
                    PeerPair.delivered(pair.b).subList(1, pair.b.delivered.size()));
        }

        @Test
        void answersNothing() {
            pair.b.device.down();
            byte[] initiation = pair.initiations(pair.a).getFirst().bytes();
            pair.b.receive(pair.a.address, initiation, pair.nowNs());
            assertEquals(1, pair.b.drops.get(DropReason.DEVICE_DOWN));
        }

        @Test
        void keepsTheConfiguration() {
            pair.a.device.down();
            pair.advance(seconds(10));
            pair.a.up(pair.nowNs());
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(2, pair.b.delivered.size());
        }

        @Test
        void letsTheNextUpHandshakeAtOnce() {
            pair.a.device.down();
            pair.a.up(pair.nowNs());
            pair.advance(ms(30));
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(2, pair.b.delivered.size());
        }
    }

    @Nested
    final class WhileAPacketIsBeingSealed {
        @Test
        void itsKeysStayUntilTheHolderLetsGo() {
            Keypair session = Objects.requireNonNull(pair.a.peerOf(pair.b).current());
            assertTrue(session.acquire());
            pair.a.device.down();
            assertFalse(session.isZeroed());
            assertFalse(session.acquire(), "nobody else gets hold of it");
            session.release();
            assertTrue(session.isZeroed());
        }
    }

    @Test
    void closingZeroesThePrivateKeyToo() {
        pair.a.device.close();
        assertNull(pair.a.device.snapshot(0, 0).privateKey());
        assertEquals(0, pair.a.device.peerCount());
        assertEquals(0, pair.a.device.indexTable().size());
    }

    @Test
    void aPeerThatWasRestartedIsHeardAtOnce() {
        pair.b.device.down();
        pair.b.up(pair.nowNs());
        pair.advance(seconds(1));
        long number = pair.send(pair.b, 60);
        pair.advance(ms(100));
        assertEquals(number, PeerPair.delivered(pair.a).getLast());
    }

    @Nested
    final class WhenTheWallClockIsSetBack {
        @Test
        void ourInitiationsStayAcceptable() {
            pair.a.wallOffsetNs -= seconds(3600).toNanos();
            for (int i = 0; i < 5; i++) {
                pair.advance(seconds(200));
                pair.send(pair.a, 60);
                pair.advance(ms(100));
            }
            assertEquals(6, pair.b.delivered.size());
            assertEquals(0, pair.b.drops.get(DropReason.TIMESTAMP_REPLAYED));
        }

        @Test
        void soTheyDoWhenItStandsStill() {
            for (int i = 0; i < 5; i++) {
                pair.a.wallOffsetNs -= seconds(200).toNanos() + ms(100).toNanos();
                pair.advance(seconds(200));
                pair.send(pair.a, 60);
                pair.advance(ms(100));
            }
            assertEquals(6, pair.b.delivered.size());
        }

        @Test
        void timersDoNotMind() {
            pair.advance(seconds(20));
            pair.a.wallOffsetNs -= seconds(100_000).toNanos();
            pair.link.lose(d -> d.sender() == pair.b);
            pair.send(pair.a, 60);
            pair.advance(seconds(16));
            assertEquals(2, pair.initiations(pair.a).size());
        }
    }

    @Test
    void afterASuspendOfHoursTheFirstPacketBringsANewSession() {
        // No timeout is handled meanwhile: the process did not run, the clock did.
        pair.sleep(java.time.Duration.ofHours(9));
        long number = pair.send(pair.a, 60);
        pair.advance(ms(100));
        assertEquals(number, PeerPair.delivered(pair.b).getLast());
        assertNotNull(pair.a.peerOf(pair.b).sendKeypair(pair.nowNs()));
    }

    @Test
    void anOldSessionsPacketIsRefusedBeforeAnyTimerRan() {
        pair.send(pair.a, 60);
        byte[] data = pair.sent(pair.a, MessageType.TRANSPORT).getLast().bytes();
        pair.sleep(seconds(180));
        pair.b.receive(pair.a.address, data, pair.nowNs());
        assertEquals(1, pair.b.drops.get(DropReason.SESSION_EXPIRED));
    }
}

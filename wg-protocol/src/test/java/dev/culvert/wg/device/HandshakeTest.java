package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageInitiation;
import dev.culvert.wg.packet.MessageType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeTest {
    private static final int INITIATION = MessageType.INITIATION;
    private static final int RESPONSE = MessageType.RESPONSE;

    @Nested
    final class WithoutSession {
        private final PeerPair pair = new PeerPair(1);

        @Test
        void nothingIsSentUntilThereIsAPacket() {
            pair.advance(Duration.ofHours(1));
            assertEquals(List.of(), pair.link.sent());
        }

        @Test
        void aFirstPacketBringsASessionAboutAndArrives() {
            long number = pair.send(pair.a, 100);
            pair.advance(ms(100));
            assertEquals(List.of(number), PeerPair.delivered(pair.b));
            assertEquals(1, pair.initiations(pair.a).size());
            assertEquals(0, pair.a.drops.total() + pair.b.drops.total());
            assertEquals(1, PeerPair.count(pair.a, Action.Event.HANDSHAKE_COMPLETED));
            assertEquals(1, PeerPair.count(pair.b, Action.Event.HANDSHAKE_COMPLETED));
        }

        @Test
        void stagedPacketsArriveInOrder() {
            List<Long> numbers =
                    java.util.stream.Stream.generate(() -> pair.send(pair.a, 60))
                            .limit(100)
                            .toList();
            pair.advance(ms(100));
            assertEquals(numbers, PeerPair.delivered(pair.b));
        }

        @Test
        void onlyTheYoungest128PacketsAreStaged() {
            for (int i = 0; i < 200; i++) {
                pair.send(pair.a, 60);
            }
            pair.advance(ms(100));
            assertEquals(128, pair.b.delivered.size());
            assertEquals(73, PeerPair.delivered(pair.b).getFirst());
            assertEquals(72, pair.a.drops.get(DropReason.STAGED_OVERFLOW));
        }

        @Test
        void atMostOneMebibyteIsStaged() {
            for (int i = 0; i < 100; i++) {
                pair.send(pair.a, 60_000);
            }
            assertTrue(pair.a.device.stagedBytes() <= 1 << 20);
            assertEquals(83, pair.a.drops.get(DropReason.STAGED_OVERFLOW));
            pair.advance(ms(100));
            assertEquals(17, pair.b.delivered.size());
            assertEquals(0, pair.a.device.stagedBytes());
        }

        @Test
        void theResponderUsesTheSessionOnlyAfterTheFirstPacketUnderIt() {
            pair.link.lose(d -> d.type() == MessageType.TRANSPORT);
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertNotNull(pair.a.peerOf(pair.b).sendKeypair(pair.nowNs()));
            assertNull(pair.b.peerOf(pair.a).sendKeypair(pair.nowNs()));

            pair.link.loseNothing();
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertNotNull(pair.b.peerOf(pair.a).sendKeypair(pair.nowNs()));
        }

        @Test
        void theInitiatorSendsAKeepaliveWhenNothingIsStagedAnyMore() {
            pair.setPersistentKeepalive(pair.a, 25);
            pair.advance(ms(100));
            assertEquals(1, pair.keepalives(pair.a).size());
            assertNotNull(pair.b.peerOf(pair.a).sendKeypair(pair.nowNs()));
        }

        @Test
        void indicesAreRandom() {
            Set<Integer> indices = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                PeerPair one = PeerPair.connected(100 + i);
                indices.add(
                        MessageInitiation.senderIndex(one.initiations(one.a).getFirst().bytes()));
            }
            assertEquals(20, indices.size());
            long small = indices.stream().filter(index -> index >>> 16 == 0).count();
            assertEquals(0, small);
        }

        @Test
        void aPacketForAPeerWithoutEndpointStartsNothing() {
            PeerPair server = PeerPair.clientAndServer(1);
            server.send(server.b, 60);
            server.advance(Duration.ofMinutes(10));
            assertEquals(List.of(), server.link.sent());
            assertEquals(1, server.b.drops.get(DropReason.NO_ENDPOINT));
        }

        @Test
        void aServerLearnsTheEndpointFromTheInitiation() {
            PeerPair server = PeerPair.clientAndServer(1);
            server.connect();
            long number = server.send(server.b, 60);
            server.advance(ms(100));
            assertEquals(List.of(number), PeerPair.delivered(server.a));
        }
    }

    @Nested
    final class WithPresharedKey {
        private final byte[] key =
                "a preshared key of thirty-2 byte"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

        @Test
        void bothSidesNeedTheSame() {
            PeerPair pair = new PeerPair(2);
            pair.set(pair.a, key);
            pair.set(pair.b, key);
            pair.connect();
            assertEquals(1, pair.b.delivered.size());
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void aDifferentOneOrNoneGivesNoSession(boolean onBoth) {
            PeerPair pair = new PeerPair(3);
            pair.set(pair.a, key);
            if (onBoth) {
                byte[] other = key.clone();
                other[31] ^= 1;
                pair.set(pair.b, other);
            }
            pair.connect();
            assertEquals(0, pair.b.delivered.size());
            assertEquals(1, pair.a.drops.get(DropReason.HANDSHAKE_UNAUTHENTIC));
        }

        @Test
        void aNewOneCountsFromTheNextHandshakeOn() {
            PeerPair pair = PeerPair.connected(4);
            pair.set(pair.a, key);
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(2, pair.b.delivered.size(), "the session goes on");

            pair.advance(seconds(125));
            pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(3, pair.b.delivered.size(), "still under the old session");
            assertEquals(1, pair.a.drops.get(DropReason.HANDSHAKE_UNAUTHENTIC));
        }
    }

    @Nested
    final class BegunByBothAtOnce {
        @Test
        void bothHandshakesCompleteAndBothDirectionsWork() {
            PeerPair pair = new PeerPair(5);
            pair.send(pair.a, 60);
            pair.send(pair.b, 60);
            pair.advance(ms(100));
            assertEquals(1, pair.initiations(pair.a).size());
            assertEquals(1, pair.initiations(pair.b).size());
            assertEquals(1, pair.a.delivered.size());
            assertEquals(1, pair.b.delivered.size());
            for (int i = 0; i < 10; i++) {
                pair.send(pair.a, 60);
                pair.send(pair.b, 60);
                pair.advance(ms(100));
            }
            assertEquals(11, pair.a.delivered.size());
            assertEquals(11, pair.b.delivered.size());
            assertEquals(0, pair.a.drops.total() + pair.b.drops.total());
        }

        @Test
        void itStaysThatWayOverManyRekeys() {
            PeerPair pair = new PeerPair(6);
            for (int i = 0; i < 1000; i++) {
                pair.send(pair.a, 60);
                pair.send(pair.b, 60);
                pair.advance(seconds(1));
            }
            assertEquals(1000, pair.a.delivered.size());
            assertEquals(1000, pair.b.delivered.size());
        }
    }

    @Nested
    final class WithLostMessages {
        private final PeerPair pair = new PeerPair(7);

        @Test
        void aLostInitiationIsSentAgainAfterFiveSecondsAndJitter() {
            pair.link.lose(d -> d.type() == INITIATION && pair.initiations(pair.a).size() == 1);
            long number = pair.send(pair.a, 60);
            pair.advance(seconds(6));
            assertEquals(2, pair.initiations(pair.a).size());
            assertRetriedInTime(pair.initiations(pair.a));
            assertEquals(List.of(number), PeerPair.delivered(pair.b));
        }

        @Test
        void soIsOneWhoseResponseWasLost() {
            pair.link.lose(d -> d.type() == RESPONSE && pair.sent(pair.b, RESPONSE).size() == 1);
            long number = pair.send(pair.a, 60);
            pair.advance(seconds(6));
            assertEquals(2, pair.initiations(pair.a).size());
            assertRetriedInTime(pair.initiations(pair.a));
            assertEquals(List.of(number), PeerPair.delivered(pair.b));
        }

        @Test
        void everyRetryIsANewMessageWithANewIndexAndEphemeral() {
            pair.link.lose(d -> true);
            pair.send(pair.a, 60);
            pair.advance(seconds(30));
            List<Datagram> initiations = pair.initiations(pair.a);
            assertTrue(initiations.size() > 4);
            for (int i = 1; i < initiations.size(); i++) {
                byte[] before = initiations.get(i - 1).bytes();
                byte[] after = initiations.get(i).bytes();
                assertNotEquals(
                        MessageInitiation.senderIndex(before),
                        MessageInitiation.senderIndex(after));
                assertFalse(java.util.Arrays.equals(before, 8, 40, after, 8, 40), "same ephemeral");
            }
        }

        @Test
        void itGivesUpAfterNinetySecondsAndDropsWhatWasStaged() {
            pair.link.lose(d -> true);
            pair.send(pair.a, 60);
            pair.advance(seconds(90).minusNanos(1));
            assertEquals(1, pair.a.peerOf(pair.b).stagedPackets());
            pair.advance(Duration.ofNanos(1));
            assertEquals(0, pair.a.peerOf(pair.b).stagedPackets());
            assertEquals(1, pair.a.device.drops().get(DropReason.STAGED_GIVEN_UP));
            assertEquals(1, PeerPair.count(pair.a, Action.Event.HANDSHAKE_GIVEN_UP));

            int sent = pair.initiations(pair.a).size();
            assertTrue(sent >= 17 && sent <= 18, sent + " initiations");
            assertRetriedInTime(pair.initiations(pair.a));
            pair.advance(Duration.ofHours(1));
            assertEquals(sent, pair.initiations(pair.a).size(), "no more of them");
        }

        @Test
        void newTrafficStartsItAgain() {
            pair.link.lose(d -> true);
            pair.send(pair.a, 60);
            pair.advance(seconds(100));
            pair.link.loseNothing();
            long number = pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(List.of(number), PeerPair.delivered(pair.b));
        }

        @Test
        void trafficThatGoesOnKeepsItTrying() {
            pair.link.lose(d -> true);
            for (int i = 0; i < 300; i++) {
                pair.send(pair.a, 60);
                pair.advance(seconds(1));
            }
            assertEquals(0, PeerPair.count(pair.a, Action.Event.HANDSHAKE_GIVEN_UP));
            pair.link.loseNothing();
            pair.advance(seconds(6));
            assertEquals(128, pair.b.delivered.size());
            assertRetriedInTime(pair.initiations(pair.a));
        }

        @Test
        void aResponseThatIsTooLateIsDropped() {
            pair.link.degrade(0, 0, 0);
            pair.link.lose(d -> d.type() == RESPONSE);
            pair.send(pair.a, 60);
            pair.advance(seconds(6));
            byte[] first = pair.sent(pair.b, RESPONSE).getFirst().bytes();
            pair.a.receive(pair.b.address, first, pair.nowNs());
            assertEquals(1, pair.a.drops.get(DropReason.UNKNOWN_HANDSHAKE));
        }

        private void assertRetriedInTime(List<Datagram> initiations) {
            for (int i = 1; i < initiations.size(); i++) {
                long gapNs = initiations.get(i).atNs() - initiations.get(i - 1).atNs();
                long gapMs = gapNs / 1_000_000;
                assertTrue(gapMs >= 5000 && gapMs <= 5333, "after " + gapMs + " ms");
            }
        }
    }

    @Nested
    final class WithAPeerOfALowOrderKey {
        @Test
        void itIsAcceptedButNeverContacted() {
            PeerPair pair = new PeerPair(8);
            byte[] lowOrder = new byte[32];
            lowOrder[0] = 1;
            pair.a.set(
                    new dev.culvert.wg.uapi.PeerChange(
                            lowOrder,
                            false,
                            false,
                            null,
                            pair.b.address.configured(),
                            java.util.OptionalInt.of(1),
                            false,
                            List.of(
                                    new dev.culvert.wg.uapi.AllowedIpChange(
                                            new byte[] {(byte) 192, (byte) 168, 0, 9}, 32, false))),
                    pair.nowNs());
            assertEquals(2, pair.a.device.peerCount());
            pair.a.fromTun(InnerPackets.ipv4(1, 9, 60, 1), pair.nowNs());
            pair.advance(seconds(100));
            assertEquals(List.of(), pair.link.sent());
            assertEquals(0, pair.a.device.stagedBytes());
        }
    }
}

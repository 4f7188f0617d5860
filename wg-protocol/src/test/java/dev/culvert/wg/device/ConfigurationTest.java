package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static dev.culvert.wg.device.PeerPair.seconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.uapi.AllowedIp;
import dev.culvert.wg.uapi.AllowedIpChange;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.PeerChange;
import dev.culvert.wg.uapi.PeerSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class ConfigurationTest {
    private final PeerPair pair = new PeerPair(80);
    private final Device device = pair.a.device;

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        key[1] = (byte) (number >>> 8);
        key[2] = (byte) (number >>> 16);
        key[3] = 9;
        return key;
    }

    private static AllowedIpChange add(int lastByte) {
        return new AllowedIpChange(new byte[] {10, 9, 0, (byte) lastByte}, 32, false);
    }

    private static PeerChange with(byte[] key, AllowedIpChange... changes) {
        return new PeerChange(
                key, false, false, null, null, OptionalInt.empty(), false, List.of(changes));
    }

    private static PeerChange without(byte[] key) {
        return new PeerChange(key, true, false, null, null, OptionalInt.empty(), false, List.of());
    }

    private static UapiSet peers(boolean replace, List<PeerChange> changes) {
        return new UapiSet(null, OptionalInt.empty(), OptionalLong.empty(), replace, changes);
    }

    private int apply(PeerChange... changes) {
        return pair.a.apply(peers(false, List.of(changes)), pair.nowNs());
    }

    private DeviceSnapshot snapshot() {
        return device.snapshot(51820, 0);
    }

    private static List<Integer> lastBytes(PeerSnapshot peer) {
        return peer.allowedIps().stream().map(ip -> (int) ip.address()[3]).toList();
    }

    private @Nullable Peer owner(int lastByte) {
        return device.allowedIps().lookup4(0x0a09_0000 | lastByte);
    }

    @Nested
    final class OfPeers {
        @Test
        void theyAreShownInTheOrderInWhichTheyWereAdded() {
            apply(with(key(3)), with(key(1)), with(key(2)));
            apply(with(key(1), add(1)));
            List<byte[]> keys = snapshot().peers().stream().map(PeerSnapshot::publicKey).toList();
            assertArrayEquals(pair.b.publicKey, keys.get(0));
            assertArrayEquals(key(3), keys.get(1));
            assertArrayEquals(key(1), keys.get(2));
            assertArrayEquals(key(2), keys.get(3));
        }

        @Test
        void aRemovedOneTakesItsAllowedIpsAndSessionWithIt() {
            pair.connect();
            Peer peer = pair.a.peerOf(pair.b);
            Keypair session = Objects.requireNonNull(peer.current());
            apply(without(pair.b.publicKey));
            assertEquals(0, device.peerCount());
            assertNull(device.allowedIps().lookup4(0xc0a8_0002));
            assertTrue(session.isZeroed());
            assertEquals(0, device.indexTable().size());
            assertEquals(Long.MAX_VALUE, device.nextDeadlineNs());
            pair.send(pair.a, 60);
            assertEquals(1, pair.a.drops.get(DropReason.NO_PEER));
        }

        @Test
        void aPacketPathThatStillHoldsARemovedOneLosesItsPackets() {
            Peer peer = pair.a.peerOf(pair.b);
            apply(without(pair.b.publicKey));
            peer.stage(MemorySegment.ofArray(new byte[60]), 0, 60, pair.nowNs(), pair.a.drops);
            pair.a.settle(pair.nowNs());
            assertEquals(0, peer.stagedPackets());
            assertEquals(0, device.stagedBytes());
        }

        @Test
        void updateOnlyMakesNone() {
            PeerChange update =
                    new PeerChange(
                            key(1),
                            false,
                            true,
                            null,
                            null,
                            OptionalInt.empty(),
                            false,
                            List.of(add(1)));
            assertEquals(0, apply(update));
            assertEquals(1, device.peerCount());
            assertNull(owner(1));
            apply(with(key(1)));
            apply(update);
            assertSame(device.peer(key(1)), owner(1));
        }

        @Test
        void replacePeersKeepsOnlyTheNewOnes() {
            apply(with(key(1), add(1)));
            pair.a.apply(peers(true, List.of(with(key(2), add(2)))), pair.nowNs());
            assertEquals(1, device.peerCount());
            assertNull(owner(1));
            assertSame(device.peer(key(2)), owner(2));
        }

        @Test
        void theOwnPublicKeyIsIgnored() {
            assertEquals(0, apply(with(pair.a.publicKey, add(1))));
            assertEquals(1, device.peerCount());
            assertNull(owner(1));
        }

        @Test
        void moreThan65536AreRefusedAsAWhole() {
            List<PeerChange> changes = new ArrayList<>();
            for (int i = 0; i < Device.MAX_PEERS; i++) {
                changes.add(with(key(i)));
            }
            assertEquals(Device.ENOSPC, pair.a.apply(peers(false, changes), pair.nowNs()));
            assertEquals(1, device.peerCount());
            assertEquals(0, pair.a.apply(peers(true, changes), pair.nowNs()));
            assertEquals(Device.MAX_PEERS, device.peerCount());
            assertEquals(0, apply(with(key(7), add(1))), "one that is there already");
            assertEquals(Device.ENOSPC, apply(with(key(Device.MAX_PEERS))));
        }

        @Test
        void aRequestWithAnEndpointThatDoesNotExistHereChangesNothing() {
            PeerChange bad =
                    new PeerChange(
                            key(2),
                            false,
                            false,
                            null,
                            new EndpointAddress(new byte[4], 1, "nowhere"),
                            OptionalInt.empty(),
                            false,
                            List.of());
            UapiSet set =
                    new UapiSet(
                            new byte[32],
                            OptionalInt.empty(),
                            OptionalLong.empty(),
                            true,
                            List.of(with(key(1), add(1)), bad));
            assertEquals(Device.EINVAL, pair.a.apply(set, pair.nowNs()));
            assertEquals(1, device.peerCount());
            assertNotNull(snapshot().privateKey());
            assertNull(owner(1));
        }

        @Test
        void anEndpointLetsStagedPacketsGo() {
            PeerPair server = PeerPair.clientAndServer(1);
            Peer peer = server.b.peerOf(server.a);
            byte[] packet = InnerPackets.ipv4(2, 1, 60, 1);
            peer.stage(
                    MemorySegment.ofArray(packet),
                    0,
                    packet.length,
                    server.nowNs(),
                    server.b.drops);
            server.b.settle(server.nowNs());
            assertEquals(List.of(), server.link.sent());
            server.b.set(VirtualNode.peer(server.a, server.a.address), server.nowNs());
            server.advance(ms(100));
            assertEquals(1, server.a.delivered.size());
        }
    }

    @Nested
    final class OfAllowedIps {
        @Test
        void anExistingPrefixMovesToTheNewPeer() {
            apply(with(key(1), add(1), add(2)), with(key(2), add(1)));
            assertSame(device.peer(key(2)), owner(1));
            assertEquals(List.of(2), lastBytes(snapshot().peers().get(1)));
            assertEquals(List.of(1), lastBytes(snapshot().peers().get(2)));
        }

        @Test
        void removingOneWorksForItsOwnerOnly() {
            apply(with(key(1), add(1)), with(key(2)));
            AllowedIpChange removal = new AllowedIpChange(new byte[] {10, 9, 0, 1}, 32, true);
            apply(with(key(2), removal));
            assertSame(device.peer(key(1)), owner(1));
            apply(with(key(1), removal));
            assertNull(owner(1));
        }

        @Test
        void replaceAllowedIpsKeepsOnlyTheNewOnes() {
            apply(with(key(1), add(1), add(2)));
            apply(
                    new PeerChange(
                            key(1),
                            false,
                            false,
                            null,
                            null,
                            OptionalInt.empty(),
                            true,
                            List.of(add(3))));
            assertEquals(List.of(3), lastBytes(snapshot().peers().get(1)));
            assertNull(owner(1));
        }

        @Test
        void theyAreShownMasked() {
            apply(with(key(1), new AllowedIpChange(new byte[] {10, 9, 8, 7}, 16, false)));
            AllowedIp shown = snapshot().peers().get(1).allowedIps().getFirst();
            assertArrayEquals(new byte[] {10, 9, 0, 0}, shown.address());
            assertEquals(16, shown.prefixLength());
        }

        @Test
        void oneHundredAndThirtyThousandOnOnePeerAreAppliedAndShown() {
            List<AllowedIpChange> many = new ArrayList<>();
            for (int i = 0; i < 130_560; i++) {
                byte[] address = {10, (byte) (i >>> 16), (byte) (i >>> 8), (byte) i};
                many.add(new AllowedIpChange(address, 32, false));
            }
            ThreadMXBean clock = ManagementFactory.getThreadMXBean();
            long beginNs = clock.getCurrentThreadCpuTime();
            apply(with(key(1), many.toArray(AllowedIpChange[]::new)));
            assertEquals(130_560, snapshot().peers().get(1).allowedIps().size());
            long ms = (clock.getCurrentThreadCpuTime() - beginNs) / 1_000_000;
            assertTrue(ms < 2000, ms + " ms of CPU");
        }
    }

    @Nested
    final class OfThePrivateKey {
        private final byte[] other = new byte[32];

        OfThePrivateKey() {
            other[5] = 5;
        }

        private byte[] otherPublic() {
            try (StaticIdentity identity = new StaticIdentity(other)) {
                return identity.publicKey();
            }
        }

        @Test
        void aNewOneRemovesThePeerThatHasIt() {
            apply(with(otherPublic(), add(1)));
            pair.a.setPrivateKey(other, pair.nowNs());
            assertEquals(1, device.peerCount());
            assertNull(owner(1));
        }

        @Test
        void aNewOneHandshakesAtOnceWhereThereWasASession() {
            pair.connect();
            int before = pair.initiations(pair.a).size();
            pair.a.setPrivateKey(other, pair.nowNs());
            assertEquals(before + 1, pair.initiations(pair.a).size());
            assertNull(pair.a.peerOf(pair.b).sendKeypair(pair.nowNs()));
        }

        @Test
        void trafficUnderANewOneNeedNotWaitForTheOldHandshakesTimeout() {
            pair.connect();
            pair.a.setPrivateKey(other, pair.nowNs());
            pair.advance(ms(50));
            assertEquals(1, pair.b.drops.get(DropReason.UNKNOWN_PEER));
            pair.b.set(knownByOther(), pair.nowNs());
            long number = pair.send(pair.a, 60);
            pair.advance(ms(250));
            assertEquals(number, PeerPair.delivered(pair.b).getLast());
        }

        @Test
        void trafficWaitsForTheResponseToTheHandshakeUnderANewOne() {
            pair.connect();
            pair.b.set(knownByOther(), pair.nowNs());
            int before = pair.initiations(pair.a).size();
            pair.a.setPrivateKey(other, pair.nowNs());
            long number = pair.send(pair.a, 60);
            pair.advance(ms(100));
            assertEquals(number, PeerPair.delivered(pair.b).getLast());
            assertEquals(before + 1, pair.initiations(pair.a).size());
        }

        @Test
        void trafficSendsAnotherInitiationWhenTheOneUnderANewOneWasLost() {
            pair.connect();
            pair.a.setPrivateKey(other, pair.nowNs());
            long number = pair.send(pair.a, 60);
            pair.advance(ms(50));
            assertEquals(1, pair.b.drops.get(DropReason.UNKNOWN_PEER));
            pair.b.set(knownByOther(), pair.nowNs());
            pair.advance(ms(300));
            assertEquals(number, PeerPair.delivered(pair.b).getLast());
        }

        private PeerChange knownByOther() {
            return with(
                    otherPublic(),
                    new AllowedIpChange(new byte[] {(byte) 192, (byte) 168, 0, 1}, 32, false));
        }

        @Test
        void theSameOneAgainChangesNothing() {
            pair.connect();
            pair.a.setPrivateKey(pair.a.privateKey.clone(), pair.nowNs());
            assertNotNull(pair.a.peerOf(pair.b).sendKeypair(pair.nowNs()));
        }

        @Test
        void withoutOneThereIsNoSession() {
            pair.connect();
            Keypair session = pair.a.peerOf(pair.b).current();
            pair.a.setPrivateKey(new byte[32], pair.nowNs());
            assertNull(snapshot().privateKey());
            assertTrue(session != null && session.isZeroed());
            pair.send(pair.a, 60);
            pair.advance(seconds(10));
            assertEquals(1, pair.initiations(pair.a).size());
        }

        @Test
        void packetsStagedWithoutOneGoWhenItComes() {
            pair.a.setPrivateKey(new byte[32], pair.nowNs());
            pair.send(pair.a, 60);
            pair.advance(seconds(1));
            pair.a.setPrivateKey(pair.a.privateKey.clone(), pair.nowNs());
            pair.advance(ms(100));
            assertEquals(1, pair.b.delivered.size());
        }
    }

    @Test
    void aSnapshotShowsWhatIsSet() {
        byte[] presharedKey = key(77);
        pair.set(pair.a, presharedKey);
        pair.set(pair.b, presharedKey);
        pair.setPersistentKeepalive(pair.a, 25);
        pair.connect();
        DeviceSnapshot shown = device.snapshot(4711, 42);
        PeerSnapshot peer = shown.peers().getFirst();
        assertEquals(4711, shown.listenPort());
        assertEquals(42, shown.fwmark());
        assertArrayEquals(presharedKey, peer.presharedKey());
        assertEquals(25, peer.persistentKeepaliveSeconds());
        EndpointAddress endpoint = Objects.requireNonNull(peer.endpoint());
        assertEquals(51820, endpoint.port());
        assertEquals(pair.a.wallNs(PeerPair.START_NS + 20_000_000), peer.lastHandshakeWallNs());
        assertNotEquals(0, peer.rxBytes());
        pair.set(pair.a, new byte[32]);
        assertNull(device.snapshot(0, 0).peers().getFirst().presharedKey());
    }
}

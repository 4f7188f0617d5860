package dev.culvert.wg.device;

import static dev.culvert.wg.device.PeerPair.ms;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.uapi.AllowedIpChange;
import dev.culvert.wg.uapi.PeerChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceivedDataTest {
    private final PeerPair pair = PeerPair.connected(60);

    private byte[] lastData() {
        return pair.sent(pair.a, MessageType.TRANSPORT).getLast().bytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {28, 29, 31, 32, 33, 1405, 1419, 1420, 1421, 9000})
    void paddingIsTrimmedAndNeverExceedsTheMtu(int length) {
        pair.send(pair.a, length);
        int padded = Math.max(length, Math.min((length + 15) / 16 * 16, 1420));
        assertEquals(padded + 32, lastData().length);
        pair.advance(ms(20));
        assertEquals(length, pair.b.delivered.getLast().length);
    }

    @Test
    void theContentArrivesUnchanged() {
        byte[] packet = InnerPackets.ipv4(1, 2, 1000, 0x1122334455667788L);
        pair.a.fromTun(packet, pair.nowNs());
        pair.advance(ms(20));
        assertArrayEquals(packet, pair.b.delivered.getLast());
    }

    @Test
    void aSourceThatIsNotThePeersIsDropped() {
        pair.a.fromTun(InnerPackets.ipv4(3, 2, 60, 1), pair.nowNs());
        pair.advance(ms(20));
        assertEquals(1, pair.b.delivered.size());
        assertEquals(1, pair.b.drops.get(DropReason.SOURCE_NOT_ALLOWED));
    }

    /** The whole table counts: what another peer owns more closely is not a's to send from. */
    @Test
    void aSourceInsideThePeersPrefixThatAnotherPeerOwnsIsDropped() {
        byte[] network = {(byte) 192, (byte) 168, 0, 0};
        byte[] host = {(byte) 192, (byte) 168, 0, 7};
        pair.b.set(owner(pair.a.publicKey, network, 24), pair.nowNs());
        pair.b.set(owner(new byte[32], host, 32), pair.nowNs());
        pair.a.fromTun(InnerPackets.ipv4(6, 2, 60, 1), pair.nowNs());
        pair.a.fromTun(InnerPackets.ipv4(7, 2, 60, 2), pair.nowNs());
        pair.advance(ms(20));
        assertEquals(1, PeerPair.delivered(pair.b).getLast());
        assertEquals(1, pair.b.drops.get(DropReason.SOURCE_NOT_ALLOWED));
    }

    private static PeerChange owner(byte[] publicKey, byte[] address, int length) {
        return new PeerChange(
                publicKey.clone(),
                false,
                false,
                null,
                null,
                OptionalInt.empty(),
                false,
                List.of(new AllowedIpChange(address, length, false)));
    }

    @Test
    void aWrongVersionOrLengthIsDropped() {
        byte[] version = InnerPackets.ipv4(1, 2, 60, 1);
        version[0] = 0x55;
        pair.a.fromTun(version, pair.nowNs());
        byte[] length = InnerPackets.ipv4(1, 2, 60, 1);
        length[3] = 65;
        pair.a.fromTun(length, pair.nowNs());
        pair.advance(ms(20));
        assertEquals(1, pair.b.delivered.size());
        assertEquals(1, pair.b.drops.get(DropReason.INNER_NOT_IP));
        assertEquals(1, pair.b.drops.get(DropReason.INNER_LENGTH));
    }

    @Test
    void everyPacketIsDeliveredOnceHoweverOftenItArrives() {
        byte[] data = lastData();
        for (int i = 0; i < 5; i++) {
            pair.b.receive(pair.a.address, data, pair.nowNs());
        }
        assertEquals(1, pair.b.delivered.size());
        assertEquals(5, pair.b.drops.get(DropReason.COUNTER_REPLAYED));
    }

    @Test
    void eightThousandPacketsMayArriveInAnyOrder() {
        pair.link.lose(d -> true);
        for (int i = 0; i < 8128; i++) {
            pair.send(pair.a, 28);
        }
        List<Datagram> shuffled = new ArrayList<>(pair.sent(pair.a, MessageType.TRANSPORT));
        shuffled.removeFirst();
        Collections.shuffle(shuffled, new Random(1));
        for (Datagram datagram : shuffled) {
            pair.b.receive(pair.a.address, datagram.bytes(), pair.nowNs());
        }
        assertEquals(1 + 8128, pair.b.delivered.size());
        assertEquals(0, pair.b.drops.total());
    }

    @Test
    void aForgedCounterDoesNotMoveTheWindow() {
        pair.send(pair.a, 60);
        byte[] forged = lastData().clone();
        forged[12] = 1;
        pair.b.receive(pair.a.address, forged, pair.nowNs());
        assertEquals(1, pair.b.drops.get(DropReason.BAD_TAG));
        pair.advance(ms(20));
        assertEquals(2, pair.b.delivered.size());
    }

    @Test
    void everyFlippedBitIsDroppedAndCounted() {
        pair.link.lose(d -> true);
        pair.send(pair.a, 60);
        byte[] data = lastData();
        for (int bit = 0; bit < data.length * 8; bit++) {
            byte[] flipped = data.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            pair.b.receive(pair.a.address, flipped, pair.nowNs());
            assertEquals(bit + 1, pair.b.drops.total(), "bit " + bit);
        }
        assertEquals(1, pair.b.delivered.size());
        pair.b.receive(pair.a.address, data, pair.nowNs());
        assertEquals(2, pair.b.delivered.size(), "the true one is still accepted");
    }

    @Test
    void everyTruncationIsDroppedAndCounted() {
        pair.link.lose(d -> true);
        pair.send(pair.a, 60);
        byte[] data = lastData();
        for (int length = 0; length < data.length; length++) {
            pair.b.receive(pair.a.address, Arrays.copyOf(data, length), pair.nowNs());
            assertEquals(length + 1, pair.b.drops.total(), "length " + length);
        }
    }
}

package dev.culvert.wg.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.packet.MessageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TransportTest {
    private final TestSession session =
            TestSession.create(AeadProviders.select(AeadProviders.AUTO), 1, 0);
    private final MemorySegment src = Arena.ofAuto().allocate(2048);
    private final MemorySegment buf = Arena.ofAuto().allocate(2048);

    private int seal(long counter, int length) {
        for (int i = 0; i < length; i++) {
            src.set(ValueLayout.JAVA_BYTE, 5 + i, (byte) i);
        }
        Keypair keypair = session.initiator();
        return Transport.seal(keypair, keypair.sealKey(0), counter, src, 5, length, buf, 3);
    }

    private int open(int length) {
        Keypair keypair = session.responder();
        return Transport.open(keypair, keypair.openKey(0), buf, 3, length);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1420, 0", "1, 1420, 16", "16, 1420, 16", "17, 1420, 32", "1408, 1420, 1408",
        "1409, 1420, 1420", "1420, 1420, 1420", "1421, 1420, 1421", "84, 1280, 96", "20, 18, 20"
    })
    void paddingGoesToAMultipleOf16ButNotBeyondTheMtu(int length, int mtu, int padded) {
        assertEquals(padded, Transport.paddedLength(length, mtu));
    }

    @Test
    void aSealedMessageHasTheReceiversIndexAndTheCounterAndOpensInPlace() {
        assertEquals(96 + 32, seal(0x0102030405060708L, 96));
        assertEquals(MessageType.TRANSPORT, MessageType.of(buf, 3, 128));
        assertEquals(0x22222222, MessageTransport.receiverIndex(buf, 3));
        assertEquals(0x0102030405060708L, MessageTransport.counter(buf, 3));
        assertEquals(96, open(128));
        assertArrayEquals(
                src.asSlice(5, 96).toArray(ValueLayout.JAVA_BYTE),
                buf.asSlice(3 + 16, 96).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void aKeepaliveIs32BytesAndOpensToNothing() {
        assertEquals(32, seal(0, 0));
        assertEquals(0, open(32));
    }

    @Test
    void aCounterIsAcceptedOnce() {
        seal(7, 16);
        byte[] message = buf.asSlice(3, 48).toArray(ValueLayout.JAVA_BYTE);
        assertEquals(16, open(48));
        MemorySegment.copy(message, 0, buf, ValueLayout.JAVA_BYTE, 3, 48);
        assertEquals(DropReason.COUNTER_REPLAYED.code(), open(48));
    }

    @Test
    void aForgeryIsRefusedAndLeavesTheCounterFree() {
        seal(7, 16);
        byte[] message = buf.asSlice(3, 48).toArray(ValueLayout.JAVA_BYTE);
        buf.set(ValueLayout.JAVA_BYTE, 3 + 40, (byte) (message[40] ^ 1));
        assertEquals(DropReason.BAD_TAG.code(), open(48));
        MemorySegment.copy(message, 0, buf, ValueLayout.JAVA_BYTE, 3, 48);
        assertEquals(16, open(48));
    }

    @Test
    void countersFromRejectAfterMessagesOnAreRefused() {
        for (long counter : new long[] {Keypair.REJECT_AFTER_MESSAGES, -5, -1}) {
            seal(counter, 16);
            assertEquals(DropReason.COUNTER_EXHAUSTED.code(), open(48));
        }
        seal(Keypair.REJECT_AFTER_MESSAGES - 1, 16);
        assertEquals(16, open(48));
    }
}

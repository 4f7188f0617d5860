package dev.culvert.wg.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class MessageTypeTest {
    private static byte[] message(int type, int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < Math.min(4, length); i++) {
            message[i] = (byte) (type >>> (8 * i));
        }
        return message;
    }

    private static void assertType(int expected, byte[] message) {
        assertEquals(expected, MessageType.of(message, message.length));
        assertEquals(expected, MessageType.of(MemorySegment.ofArray(message), 0, message.length));
    }

    @Test
    void eachTypeHasItsExactLengthAndTransportAtLeast32() {
        for (int length = 0; length < 300; length++) {
            assertType(length == 148 ? 1 : 0, message(1, length));
            assertType(length == 92 ? 2 : 0, message(2, length));
            assertType(length == 64 ? 3 : 0, message(3, length));
            assertType(length >= 32 ? 4 : 0, message(4, length));
        }
    }

    @Test
    void unknownTypesAndReservedBytesAreNoMessages() {
        for (int length : new int[] {32, 64, 92, 148}) {
            assertType(0, message(0, length));
            assertType(0, message(5, length));
            assertType(0, message(-1, length));
            for (int bit = 8; bit < 32; bit++) {
                assertType(0, message(4 | (1 << bit), length));
                assertType(0, message(1 | (1 << bit), length));
            }
        }
    }

    @Test
    void aLengthBeyondTheArrayIsNoMessage() {
        assertEquals(MessageType.NONE, MessageType.of(message(1, 100), 148));
        assertEquals(MessageType.NONE, MessageType.of(new byte[0], 148));
    }
}

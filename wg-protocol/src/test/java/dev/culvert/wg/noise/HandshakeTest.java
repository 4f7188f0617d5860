package dev.culvert.wg.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private final Random random = new Random(1);
    private final StaticIdentity alice = identity();
    private final StaticIdentity bob = identity();
    private final Handshake toBob = new Handshake(bob.publicKey());
    private final Handshake toAlice = new Handshake(alice.publicKey());
    private final byte[] timestamp = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    private final byte[] initiation = new byte[148];
    private final byte[] response = new byte[92];

    HandshakeTest() {
        toBob.setIdentity(alice);
        toAlice.setIdentity(bob);
    }

    @Test
    void bothSidesDeriveTheSameKeys() {
        assertTrue(toBob.createInitiation(0x11223344, timestamp, random, initiation));
        ReceivedInitiation received = Handshake.consumeInitiation(bob, initiation);
        assertNotNull(received);
        assertArrayEquals(alice.publicKey(), received.remoteStatic());
        assertTrue(toAlice.openTimestamp(received));
        assertArrayEquals(timestamp, received.timestamp());
        SessionKeys bobKeys = toAlice.createResponse(received, 0x55667788, random, response);
        assertNotNull(bobKeys);
        SessionKeys aliceKeys = toBob.consumeResponse(response);
        assertNotNull(aliceKeys);
        assertArrayEquals(aliceKeys.sendKey(), bobKeys.receiveKey());
        assertArrayEquals(aliceKeys.receiveKey(), bobKeys.sendKey());
        assertFalse(java.util.Arrays.equals(aliceKeys.sendKey(), aliceKeys.receiveKey()));
        assertNull(toBob.consumeResponse(response));
    }

    private StaticIdentity identity() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return new StaticIdentity(key);
    }
}

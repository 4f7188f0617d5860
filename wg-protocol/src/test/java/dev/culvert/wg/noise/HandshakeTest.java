package dev.culvert.wg.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.vectors.Vectors;
import dev.culvert.wg.x25519.X25519Key;
import dev.culvert.wg.x25519.X25519Providers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class HandshakeTest {
    /** Every public key whose secret is all-zero, from the list in cr.yp.to/ecdh.html. */
    static final List<String> lowOrderKeys =
            List.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    private static final int INITIATION_MAC1 = 116;
    private static final int RESPONSE_MAC1 = 60;

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
        SessionKeys bobKeys = answer();
        assertNotNull(bobKeys);
        SessionKeys aliceKeys = toBob.consumeResponse(response);
        assertNotNull(aliceKeys);
        assertArrayEquals(aliceKeys.sendKey(), bobKeys.receiveKey());
        assertArrayEquals(aliceKeys.receiveKey(), bobKeys.sendKey());
        assertFalse(Arrays.equals(aliceKeys.sendKey(), aliceKeys.receiveKey()));
        assertEquals(0x11223344, aliceKeys.localIndex());
        assertEquals(0x55667788, aliceKeys.remoteIndex());
        assertEquals(0x55667788, bobKeys.localIndex());
        assertEquals(0x11223344, bobKeys.remoteIndex());
        assertTrue(aliceKeys.initiator());
        assertFalse(bobKeys.initiator());
    }

    @Test
    void everyHandshakeHasOtherKeys() {
        SessionKeys first = answer();
        SessionKeys second = answer();
        assertNotNull(first);
        assertNotNull(second);
        assertFalse(Arrays.equals(first.sendKey(), second.sendKey()));
    }

    @Test
    void theInitiatorsStaticKeyDoesNotGoInTheClear() {
        assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
        assertEquals(-1, indexOf(initiation, Arrays.copyOf(alice.publicKey(), 8)));
        assertEquals(-1, indexOf(initiation, Arrays.copyOf(timestamp, 8)));
    }

    @Test
    void aResponseCountsOnce() {
        assertNotNull(answer());
        assertNotNull(toBob.consumeResponse(response));
        assertFalse(toBob.hasPendingInitiation());
        assertNull(toBob.consumeResponse(response));
    }

    @Test
    void aNewInitiationReplacesThePendingOne() {
        assertNotNull(answer());
        byte[] toTheFirst = response.clone();
        assertTrue(toBob.createInitiation(0x11223344, timestamp, random, initiation));
        assertNull(toBob.consumeResponse(toTheFirst));
        assertTrue(toBob.hasPendingInitiation());
    }

    @Test
    void sendsNothingWithoutAnIdentity() {
        toBob.setIdentity(null);
        assertFalse(toBob.createInitiation(1, timestamp, random, initiation));
        assertNull(toBob.consumeResponse(response));
    }

    @Test
    void aNewIdentityDropsThePendingInitiation() {
        assertNotNull(answer());
        toBob.setIdentity(identity());
        assertNull(toBob.consumeResponse(response));
    }

    @Nested
    class WithPresharedKeys {
        @Test
        void agreesOnlyWhenBothAreTheSame() {
            toBob.setPresharedKey(filled(7));
            assertNotNull(answer());
            assertNull(toBob.consumeResponse(response));
            assertTrue(toBob.hasPendingInitiation());

            toAlice.setPresharedKey(filled(7));
            SessionKeys bobKeys = answer();
            SessionKeys aliceKeys = toBob.consumeResponse(response);
            assertNotNull(bobKeys);
            assertNotNull(aliceKeys);
            assertArrayEquals(aliceKeys.sendKey(), bobKeys.receiveKey());
        }

        @Test
        void allZeroIsNone() {
            toBob.setPresharedKey(filled(7));
            toBob.setPresharedKey(filled(0));
            assertNotNull(answer());
            assertNotNull(toBob.consumeResponse(response));
        }
    }

    @Nested
    class Forged {
        /** Also the top bit of the ephemeral, which X25519 ignores but the transcript does not. */
        @Test
        void everyFlippedByteOfAnInitiationIsRefused() {
            assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
            for (int i = 8; i < INITIATION_MAC1; i++) {
                byte[] forged = initiation.clone();
                forged[i] ^= (byte) (1 << i % 8);
                try (ReceivedInitiation received = Handshake.consumeInitiation(bob, forged)) {
                    assertFalse(received != null && toAlice.openTimestamp(received), "byte " + i);
                }
            }
        }

        @Test
        void everyFlippedByteOfAResponseIsRefusedAndTheTrueOneStillCounts() {
            assertNotNull(answer());
            for (int i = 8; i < RESPONSE_MAC1; i++) {
                byte[] forged = response.clone();
                forged[i] ^= (byte) (1 << i % 8);
                assertNull(toBob.consumeResponse(forged), "byte " + i);
            }
            assertNotNull(toBob.consumeResponse(response));
        }

        @Test
        void truncatedMessagesAreRefused() {
            assertNotNull(answer());
            for (int length = 0; length < Handshake.INITIATION_BYTES; length++) {
                assertNull(Handshake.consumeInitiation(bob, Arrays.copyOf(initiation, length)));
            }
            for (int length = 0; length < Handshake.RESPONSE_BYTES; length++) {
                assertNull(toBob.consumeResponse(Arrays.copyOf(response, length)));
            }
            assertNotNull(toBob.consumeResponse(response));
        }

        @Test
        void randomBytesAreRefused() {
            assertNotNull(answer());
            for (int i = 0; i < 200; i++) {
                random.nextBytes(initiation);
                assertNull(Handshake.consumeInitiation(bob, initiation));
                byte[] forged = new byte[92];
                random.nextBytes(forged);
                System.arraycopy(response, 0, forged, 0, 12);
                assertNull(toBob.consumeResponse(forged));
            }
        }

        @Test
        void anInitiationForSomeoneElseIsRefused() {
            assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
            assertNull(Handshake.consumeInitiation(identity(), initiation));
        }

        @Test
        void anInitiationOfAnotherPeerDoesNotOpen() {
            assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
            Handshake toCarol = new Handshake(identity().publicKey());
            toCarol.setIdentity(bob);
            try (ReceivedInitiation received = Handshake.consumeInitiation(bob, initiation)) {
                assertNotNull(received);
                assertFalse(toCarol.openTimestamp(received));
            }
        }

        /** Whoever knows only the responder's public key can claim any static key. */
        @Test
        void claimingAStaticKeyIsNotEnough() {
            StaticIdentity mallory = identity();
            SymmetricState state =
                    new SymmetricState(SymmetricState.WIREGUARD_TRANSCRIPT, bob.publicKey());
            X25519Key ephemeral = X25519Providers.bouncyCastle().generate(random);
            byte[] ephemeralPublic = new byte[32];
            ephemeral.publicKey(ephemeralPublic);
            byte[] secret = new byte[32];
            assertTrue(ephemeral.sharedSecret(bob.publicKey(), secret));
            state.mixEphemeral(ephemeralPublic);
            state.mixKey(secret);
            System.arraycopy(ephemeralPublic, 0, initiation, 8, 32);
            state.encryptAndHash(alice.publicKey(), initiation, 40);
            assertTrue(mallory.sharedSecret(bob.publicKey(), secret));
            state.mixKey(secret);
            state.encryptAndHash(timestamp, initiation, 88);

            try (ReceivedInitiation received = Handshake.consumeInitiation(bob, initiation)) {
                assertNotNull(received);
                assertArrayEquals(alice.publicKey(), received.remoteStatic());
                assertFalse(toAlice.openTimestamp(received));
                assertThrows(IllegalStateException.class, received::timestamp);
                assertThrows(
                        IllegalStateException.class,
                        () -> toAlice.createResponse(received, 2, random, response));
            }
        }
    }

    @Nested
    class WithKeysOfLowOrder {
        static final List<String> keys = lowOrderKeys;

        @ParameterizedTest
        @FieldSource("keys")
        void acceptsThePeerAndNeverContactsIt(String key) {
            Handshake handshake = new Handshake(Vectors.hex(key));
            handshake.setIdentity(alice);
            Arrays.fill(initiation, (byte) 0);
            assertFalse(handshake.createInitiation(1, timestamp, random, initiation));
            assertArrayEquals(new byte[148], initiation);
            assertFalse(handshake.hasPendingInitiation());
        }

        @ParameterizedTest
        @FieldSource("keys")
        void refusesAnInitiationWithSuchAnEphemeral(String key) {
            assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
            System.arraycopy(Vectors.hex(key), 0, initiation, 8, 32);
            assertNull(Handshake.consumeInitiation(bob, initiation));
        }

        @ParameterizedTest
        @FieldSource("keys")
        void refusesAResponseWithSuchAnEphemeral(String key) {
            assertNotNull(answer());
            System.arraycopy(Vectors.hex(key), 0, response, 12, 32);
            assertNull(toBob.consumeResponse(response));
            assertTrue(toBob.hasPendingInitiation());
        }
    }

    @Nested
    class Zeroing {
        @Test
        void clearingZeroesThePendingState() {
            assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
            SymmetricState state = toBob.pending;
            assertNotNull(state);
            assertFalse(isZero(state));
            X25519Key key = toBob.pendingEphemeral;
            assertNotNull(key);
            assertTrue(ephemeralIsOpen(key));
            toBob.clear();
            assertTrue(isZero(state));
            assertNull(toBob.pendingEphemeral);
            assertFalse(ephemeralIsOpen(key));
        }

        @Test
        void completingZeroesThePendingState() {
            assertNotNull(answer());
            SymmetricState state = toBob.pending;
            assertNotNull(state);
            X25519Key key = toBob.pendingEphemeral;
            assertNotNull(key);
            assertNotNull(toBob.consumeResponse(response));
            assertTrue(isZero(state));
            assertNull(toBob.pendingEphemeral);
            assertFalse(ephemeralIsOpen(key));
        }

        @Test
        void answeringZeroesTheReceivedState() {
            assertTrue(toBob.createInitiation(1, timestamp, random, initiation));
            ReceivedInitiation received = Handshake.consumeInitiation(bob, initiation);
            assertNotNull(received);
            assertTrue(toAlice.openTimestamp(received));
            assertFalse(isZero(received.state));
            assertNotNull(toAlice.createResponse(received, 2, random, response));
            assertTrue(isZero(received.state));
        }

        @Test
        void sessionKeysAndIdentitiesAreZeroedInPlace() {
            SessionKeys keys = answer();
            assertNotNull(keys);
            keys.zero();
            assertTrue(allZero(keys.sendKey()));
            assertTrue(allZero(keys.receiveKey()));
            StaticIdentity identity = identity();
            assertFalse(allZero(identity.privateKey()));
            identity.close();
            assertTrue(allZero(identity.privateKey()));
        }

        @Test
        void noKeyIsPrinted() {
            SessionKeys keys = answer();
            assertNotNull(keys);
            assertEquals("SessionKeys[localIndex=55667788]", keys.toString());
            assertEquals("StaticIdentity", alice.toString());
        }

        private boolean ephemeralIsOpen(X25519Key key) {
            try {
                key.publicKey(new byte[32]);
                return true;
            } catch (IllegalStateException closed) {
                return false;
            }
        }

        private boolean isZero(SymmetricState state) {
            return allZero(state.chainingKey) && allZero(state.key) && allZero(state.hash);
        }
    }

    /** Alice initiates, Bob answers into {@code response}. */
    private @Nullable SessionKeys answer() {
        assertTrue(toBob.createInitiation(0x11223344, timestamp, random, initiation));
        ReceivedInitiation received = Handshake.consumeInitiation(bob, initiation);
        assertNotNull(received);
        assertArrayEquals(alice.publicKey(), received.remoteStatic());
        assertTrue(toAlice.openTimestamp(received));
        assertArrayEquals(timestamp, received.timestamp());
        return toAlice.createResponse(received, 0x55667788, random, response);
    }

    private StaticIdentity identity() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return new StaticIdentity(key);
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static boolean allZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}

package dev.culvert.wg.cookie;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CookieTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int INITIATION = 148;
    private static final int RESPONSE = 92;
    private static final byte[] ADDRESS = {(byte) 192, 0, 2, 7};
    private static final int PORT = 51820;

    private final Random random = new Random(5);
    private final byte[] responder = randomBytes(32);
    private final CookieChecker checker = new CookieChecker();
    private final CookieGenerator generator = new CookieGenerator(responder);
    private final byte[] message = randomBytes(INITIATION);
    private final byte[] reply = new byte[64];

    /** Late, so that comparing times as plain numbers would fail. */
    private long nowNs = Long.MAX_VALUE - SECOND_NS;

    @BeforeEach
    void giveTheCheckerItsKey() {
        checker.setIdentity(responder);
    }

    @Nested
    class Mac1 {
        @Test
        void isAcceptedOnMessagesOfBothLengths() {
            generator.addMacs(message, INITIATION, nowNs);
            assertTrue(checker.checkMac1(message, INITIATION));
            generator.addMacs(message, RESPONSE, nowNs);
            assertTrue(checker.checkMac1(message, RESPONSE));
        }

        @Test
        void coversEverythingBeforeIt() {
            generator.addMacs(message, INITIATION, nowNs);
            for (int i = 0; i < INITIATION - 16; i++) {
                message[i] ^= 1;
                assertFalse(checker.checkMac1(message, INITIATION), "byte " + i);
                message[i] ^= 1;
            }
            message[INITIATION - 1] ^= 1;
            assertTrue(checker.checkMac1(message, INITIATION));
        }

        @Test
        void isRefusedForAnotherResponder() {
            new CookieGenerator(randomBytes(32)).addMacs(message, INITIATION, nowNs);
            assertFalse(checker.checkMac1(message, INITIATION));
        }

        @Test
        void isRefusedWithoutAnIdentity() {
            generator.addMacs(message, INITIATION, nowNs);
            checker.setIdentity(null);
            assertFalse(checker.checkMac1(message, INITIATION));
            assertFalse(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
        }

        @Test
        void isRefusedOnMessagesTooShortToHaveOne() {
            for (int length = 0; length < 32; length++) {
                assertFalse(checker.checkMac1(message, length));
                assertFalse(checker.checkMac2(message, length, ADDRESS, PORT, nowNs));
            }
        }
    }

    @Nested
    class Mac2 {
        @Test
        void isZeroWithoutACookie() {
            generator.addMacs(message, INITIATION, nowNs);
            assertArrayEquals(new byte[16], Arrays.copyOfRange(message, 132, 148));
            assertFalse(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
        }

        @Test
        void isRightAfterACookieReply() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            assertTrue(checker.checkMac1(message, INITIATION));
            assertTrue(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
            generator.addMacs(message, RESPONSE, nowNs);
            assertTrue(checker.checkMac2(message, RESPONSE, ADDRESS, PORT, nowNs));
        }

        @Test
        void coversEverythingBeforeIt() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            for (int i = 0; i < INITIATION; i++) {
                message[i] ^= 1;
                assertFalse(
                        checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs), "byte " + i);
                message[i] ^= 1;
            }
        }

        @Test
        void coversTheSourceAddress() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            byte[] other = {(byte) 192, 0, 2, 8};
            assertFalse(checker.checkMac2(message, INITIATION, other, PORT, nowNs));
        }

        @Test
        void coversBothBytesOfTheSourcePort() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            assertFalse(checker.checkMac2(message, INITIATION, ADDRESS, PORT ^ 1, nowNs));
            assertFalse(checker.checkMac2(message, INITIATION, ADDRESS, PORT ^ 0x100, nowNs));
        }

        @Test
        void worksForIpv6() {
            byte[] address = randomBytes(16);
            earnCookie(address, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            assertTrue(checker.checkMac2(message, INITIATION, address, PORT, nowNs));
            address[15] ^= 1;
            assertFalse(checker.checkMac2(message, INITIATION, address, PORT, nowNs));
        }
    }

    @Nested
    class Lifetimes {
        @Test
        void theInitiatorUsesACookieForLessThan115Seconds() {
            earnCookie(ADDRESS, PORT);
            nowNs += 115 * SECOND_NS - 1;
            generator.addMacs(message, INITIATION, nowNs);
            assertTrue(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
            nowNs += 1;
            generator.addMacs(message, INITIATION, nowNs);
            assertArrayEquals(new byte[16], Arrays.copyOfRange(message, 132, 148));
        }

        @Test
        void theResponderForgetsItsSecretAfter120Seconds() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            nowNs += 120 * SECOND_NS - 1;
            assertTrue(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
            nowNs += 1;
            assertFalse(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
        }

        @Test
        void repliesWithinOneSecretGiveTheSameCookieAndAfterwardsAnother() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            byte[] first = Arrays.copyOfRange(message, 132, 148);
            nowNs += 119 * SECOND_NS;
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            assertArrayEquals(first, Arrays.copyOfRange(message, 132, 148));
            nowNs += SECOND_NS;
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            assertTrue(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
            assertFalse(Arrays.equals(first, Arrays.copyOfRange(message, 132, 148)));
        }

        @Test
        void zeroingVoidsCookiesOnEitherSide() {
            earnCookie(ADDRESS, PORT);
            generator.addMacs(message, INITIATION, nowNs);
            checker.zero();
            assertFalse(checker.checkMac2(message, INITIATION, ADDRESS, PORT, nowNs));
            generator.zero();
            generator.addMacs(message, INITIATION, nowNs);
            assertArrayEquals(new byte[16], Arrays.copyOfRange(message, 132, 148));
        }
    }

    @Nested
    class Reply {
        @Test
        void hasTheLayoutOfTheWhitepaper() {
            generator.addMacs(message, INITIATION, nowNs);
            reply(0xA1B2C3D4);
            assertArrayEquals(
                    new byte[] {3, 0, 0, 0, (byte) 0xD4, (byte) 0xC3, (byte) 0xB2, (byte) 0xA1},
                    Arrays.copyOf(reply, 8));
            assertFalse(Arrays.equals(new byte[24], Arrays.copyOfRange(reply, 8, 32)));
        }

        @Test
        void countsOncePerMessage() {
            generator.addMacs(message, INITIATION, nowNs);
            reply(1);
            assertTrue(generator.consumeReply(reply, nowNs));
            assertFalse(generator.consumeReply(reply, nowNs));
        }

        @Test
        void isRefusedWhenNothingWasSent() {
            generator.addMacs(message, INITIATION, nowNs);
            reply(1);
            assertFalse(new CookieGenerator(responder).consumeReply(reply, nowNs));
        }

        @Test
        void isRefusedForAnEarlierMessage() {
            generator.addMacs(message, INITIATION, nowNs);
            reply(1);
            message[20] ^= 1;
            generator.addMacs(message, INITIATION, nowNs);
            assertFalse(generator.consumeReply(reply, nowNs));
        }

        @Test
        void isRefusedWithAnyFlippedByteAndTheTrueOneStillCounts() {
            generator.addMacs(message, INITIATION, nowNs);
            reply(1);
            for (int i = 8; i < 64; i++) {
                reply[i] ^= 1;
                assertFalse(generator.consumeReply(reply, nowNs), "byte " + i);
                reply[i] ^= 1;
            }
            assertFalse(generator.consumeReply(Arrays.copyOf(reply, 63), nowNs));
            assertTrue(generator.consumeReply(reply, nowNs));
        }

        @Test
        void differsEachTime() {
            generator.addMacs(message, INITIATION, nowNs);
            reply(1);
            byte[] first = reply.clone();
            reply(1);
            assertFalse(Arrays.equals(first, reply));
        }

        @Test
        void needsAnIdentity() {
            checker.setIdentity(null);
            assertThrows(IllegalStateException.class, () -> reply(1));
        }
    }

    private void earnCookie(byte[] address, int port) {
        generator.addMacs(message, INITIATION, nowNs);
        checker.createReply(message, INITIATION, 1, address, port, random, nowNs, reply);
        assertTrue(generator.consumeReply(reply, nowNs));
        assertEquals(3, reply[0]);
    }

    private void reply(int receiverIndex) {
        checker.createReply(
                message, INITIATION, receiverIndex, ADDRESS, PORT, random, nowNs, reply);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}

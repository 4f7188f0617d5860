package dev.culvert.wg.noise;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.wg.cookie.CookieChecker;
import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.vectors.Vectors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hostile handshake messages; JAZZER_FUZZ=1 looks for new ones, else the corpus is replayed. */
class HandshakeFuzzTest {
    private static final byte[] ALICE = Vectors.hex("11".repeat(32));
    private static final byte[] BOB = Vectors.hex("22".repeat(32));

    @FuzzTest
    void neverThrowsOnHandshakeMessages(byte @Nullable [] fuzzed) {
        byte[] message = fuzzed == null ? new byte[0] : fuzzed;
        StaticIdentity alice = new StaticIdentity(ALICE);
        StaticIdentity bob = new StaticIdentity(BOB);
        Handshake toBob = new Handshake(bob.publicKey());
        toBob.setIdentity(alice);
        Handshake toAlice = new Handshake(alice.publicKey());
        toAlice.setIdentity(bob);
        byte[] initiation = new byte[Handshake.INITIATION_BYTES];
        assertTrue(toBob.createInitiation(7, new byte[12], new FixedRandom(ALICE), initiation));
        CookieGenerator cookies = new CookieGenerator(bob.publicKey());
        cookies.addMacs(initiation, initiation.length, 0);
        CookieChecker checker = new CookieChecker();
        checker.setIdentity(bob.publicKey());

        // Nobody can guess a message that is right: whatever comes is refused, and nothing breaks.
        assertFalse(cookies.consumeReply(message, 0));
        assertNull(toBob.consumeResponse(message));
        assertFalse(checker.checkMac2(message, message.length, new byte[4], 1, 0));
        if (!Arrays.equals(message, initiation)) {
            try (ReceivedInitiation received = Handshake.consumeInitiation(bob, message)) {
                assertTrue(received == null || sameNoise(message, initiation));
            }
        }
        try (ReceivedInitiation received = Handshake.consumeInitiation(bob, initiation)) {
            assertNotNull(received);
            assertTrue(toAlice.openTimestamp(received));
        }
    }

    private static boolean sameNoise(byte[] a, byte[] b) {
        return Arrays.equals(a, 8, 88, b, 8, 88);
    }
}

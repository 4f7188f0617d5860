package dev.culvert.wg.cookie;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.wg.noise.FixedRandom;
import dev.culvert.wg.noise.HandshakeAead;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.vectors.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CookieVectorTest {
    @Test
    void xchachaAgreesWithWycheproof() {
        int valid = 0;
        int invalid = 0;
        int otherNonceSizes = 0;
        for (JsonNode test : Vectors.wycheproof("cookie/xchacha20_poly1305_test.json")) {
            if (hex(test, "iv").length != HandshakeAead.XNONCE_BYTES) {
                assertEquals("invalid", test.get("result").asText());
                otherNonceSizes++;
                continue;
            }
            byte[] key = hex(test, "key");
            byte[] nonce = hex(test, "iv");
            byte[] aad = hex(test, "aad");
            byte[] plain = hex(test, "msg");
            byte[] sealed = hex(test, "ct", "tag");
            byte[] opened = new byte[plain.length];
            boolean authentic =
                    HandshakeAead.open(key, nonce, aad, sealed, 0, sealed.length, opened, 0);
            String name = "test " + test.get("tcId");
            if (test.get("result").asText().equals("invalid")) {
                assertFalse(authentic, name);
                assertArrayEquals(new byte[plain.length], opened, name);
                invalid++;
                continue;
            }
            assertTrue(authentic, name);
            assertArrayEquals(plain, opened, name);
            byte[] out = new byte[sealed.length];
            HandshakeAead.seal(key, nonce, aad, plain, 0, plain.length, out, 0);
            assertArrayEquals(sealed, out, name);
            valid++;
        }
        assertEquals(220, valid);
        assertEquals(60, invalid);
        assertEquals(4, otherNonceSizes);
    }

    @Test
    void writesMacsAndCookieReplyByteForByte() {
        JsonNode vector = Vectors.json("noise/wireguard_handshake.json");
        byte[] responder = publicKey(vector, "responderPrivate");
        CookieGenerator toResponder = new CookieGenerator(responder);
        byte[] initiation = hex(vector, "initiation");
        Arrays.fill(initiation, 116, 148, (byte) 0xff);
        toResponder.addMacs(initiation, 148, 0);
        assertArrayEquals(hex(vector, "initiation"), initiation);
        byte[] response = hex(vector, "response");
        Arrays.fill(response, 60, 92, (byte) 0xff);
        new CookieGenerator(publicKey(vector, "initiatorPrivate")).addMacs(response, 92, 0);
        assertArrayEquals(hex(vector, "response"), response);

        CookieChecker checker = new CookieChecker();
        checker.setIdentity(responder);
        assertTrue(checker.checkMac1(initiation, 148));
        byte[] reply = new byte[64];
        int receiverIndex = ByteBuffer.wrap(hex(vector, "initiatorIndex")).getInt();
        byte[] address = hex(vector, "cookieAddress");
        int port = ByteBuffer.wrap(hex(vector, "cookiePort")).getShort() & 0xffff;
        FixedRandom random =
                new FixedRandom(hex(vector, "cookieSecret"), hex(vector, "cookieNonce"));
        checker.createReply(initiation, 148, receiverIndex, address, port, random, 0, reply);
        assertArrayEquals(hex(vector, "cookieReply"), reply);

        assertTrue(toResponder.consumeReply(reply, 0));
        toResponder.addMacs(initiation, 148, 0);
        assertArrayEquals(hex(vector, "initiationWithMac2"), initiation);
        assertTrue(checker.checkMac2(initiation, 148, address, port, 0));
    }

    private static byte[] publicKey(JsonNode vector, String field) {
        try (StaticIdentity identity = new StaticIdentity(hex(vector, field))) {
            return identity.publicKey();
        }
    }
}

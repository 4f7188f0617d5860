package dev.culvert.wg.noise;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.wg.vectors.Vectors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class X25519Test {
    private final JsonNode rfc7748 = Vectors.json("noise/rfc7748.json");

    @Test
    void multipliesAsInRfc7748() {
        assertEquals(2, rfc7748.get("section5.2").size());
        for (JsonNode test : rfc7748.get("section5.2")) {
            byte[] out = new byte[32];
            assertTrue(X25519.sharedSecret(hex(test, "scalar"), hex(test, "u"), out));
            assertArrayEquals(hex(test, "out"), out);
        }
    }

    @Test
    void iteratesAsInRfc7748() {
        byte[] k = new byte[32];
        k[0] = 9;
        byte[] u = k.clone();
        for (int i = 1; i <= 1000; i++) {
            byte[] out = new byte[32];
            assertTrue(X25519.sharedSecret(k, u, out));
            u = k;
            k = out;
            JsonNode expected = rfc7748.get("section5.2iterations").get(Integer.toString(i));
            if (expected != null) {
                assertArrayEquals(hex(expected.asText()), k);
            }
        }
        assertEquals(2, rfc7748.get("section5.2iterations").size());
    }

    @Test
    void agreesOnTheSecretOfRfc7748() {
        JsonNode test = rfc7748.get("section6.1");
        byte[] out = new byte[32];
        X25519.publicKey(hex(test, "alicePrivate"), out);
        assertArrayEquals(hex(test, "alicePublic"), out);
        X25519.publicKey(hex(test, "bobPrivate"), out);
        assertArrayEquals(hex(test, "bobPublic"), out);
        assertTrue(X25519.sharedSecret(hex(test, "alicePrivate"), hex(test, "bobPublic"), out));
        assertArrayEquals(hex(test, "shared"), out);
        assertTrue(X25519.sharedSecret(hex(test, "bobPrivate"), hex(test, "alicePublic"), out));
        assertArrayEquals(hex(test, "shared"), out);
    }

    @Test
    void agreesWithWycheproofAndReportsAllZeroSecrets() {
        int zeroSecrets = 0;
        int tests = 0;
        for (JsonNode test : Vectors.wycheproof("noise/x25519_test.json")) {
            byte[] expected = hex(test, "shared");
            byte[] out = new byte[32];
            boolean usable = X25519.sharedSecret(hex(test, "private"), hex(test, "public"), out);
            // "acceptable" tests may be refused, but the value has to be the published one.
            String name = "test " + test.get("tcId");
            assertArrayEquals(expected, out, name);
            assertEquals(!isZero(expected), usable, name);
            zeroSecrets += usable ? 0 : 1;
            tests++;
        }
        assertEquals(518, tests);
        assertTrue(zeroSecrets > 20, zeroSecrets + " all-zero secrets");
    }

    @Test
    void clampingDoesNotChangeThePublicKey() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0xff);
        byte[] before = new byte[32];
        X25519.publicKey(key, before);
        X25519.clamp(key);
        assertEquals((byte) 0xf8, key[0]);
        assertEquals((byte) 0x7f, key[31]);
        byte[] after = new byte[32];
        X25519.publicKey(key, after);
        assertArrayEquals(before, after);
        assertFalse(isZero(after));
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}

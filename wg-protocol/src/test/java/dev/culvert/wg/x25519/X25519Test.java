package dev.culvert.wg.x25519;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.wg.libcrypto.CryptoLibraries;
import dev.culvert.wg.vectors.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

@ParameterizedClass
@FieldSource("names")
class X25519Test {
    static final List<String> names = X25519Providers.NAMES;

    private final JsonNode rfc7748 = Vectors.json("noise/rfc7748.json");
    private final X25519 x25519;

    X25519Test(String name) {
        assumeTrue(
                !name.equals("boringssl") || CryptoLibraries.boringSsl().isPresent(),
                "BoringSSL is not installed (Debian: android-libboringssl)");
        assumeTrue(
                !name.equals("sodium") || CryptoLibraries.sodium().isPresent(),
                "libsodium is not installed (Debian: libsodium23)");
        x25519 = X25519Providers.of(name);
        assertEquals(name, x25519.name());
    }

    private boolean agree(byte[] private32, byte[] public32, byte[] out32) {
        try (X25519Key key = x25519.newKey(private32)) {
            return key.sharedSecret(public32, out32);
        }
    }

    private byte[] publicKey(byte[] private32) {
        byte[] out = new byte[32];
        try (X25519Key key = x25519.newKey(private32)) {
            key.publicKey(out);
        }
        return out;
    }

    @Test
    void multipliesAsInRfc7748() {
        assertEquals(2, rfc7748.get("section5.2").size());
        for (JsonNode test : rfc7748.get("section5.2")) {
            byte[] out = new byte[32];
            assertTrue(agree(hex(test, "scalar"), hex(test, "u"), out));
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
            assertTrue(agree(k, u, out));
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
        assertArrayEquals(hex(test, "alicePublic"), publicKey(hex(test, "alicePrivate")));
        assertArrayEquals(hex(test, "bobPublic"), publicKey(hex(test, "bobPrivate")));
        assertTrue(agree(hex(test, "alicePrivate"), hex(test, "bobPublic"), out));
        assertArrayEquals(hex(test, "shared"), out);
        assertTrue(agree(hex(test, "bobPrivate"), hex(test, "alicePublic"), out));
        assertArrayEquals(hex(test, "shared"), out);
    }

    @Test
    void agreesWithWycheproofAndReportsAllZeroSecrets() {
        int zeroSecrets = 0;
        int tests = 0;
        for (JsonNode test : Vectors.wycheproof("noise/x25519_test.json")) {
            byte[] expected = hex(test, "shared");
            byte[] out = new byte[32];
            boolean usable = agree(hex(test, "private"), hex(test, "public"), out);
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
        byte[] before = publicKey(key);
        X25519.clamp(key);
        assertEquals((byte) 0xf8, key[0]);
        assertEquals((byte) 0x7f, key[31]);
        assertArrayEquals(before, publicKey(key));
        assertFalse(isZero(before));
    }

    @Test
    void oneKeyAgreesWithManyAndIsNoUseOnceClosed() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        byte[] ours = publicKey(bytes);
        X25519Key key = x25519.newKey(bytes);
        for (int i = 0; i < 20; i++) {
            byte[] other = new byte[32];
            random.nextBytes(other);
            byte[] here = new byte[32];
            byte[] there = new byte[32];
            assertFalse(key.sharedSecret(new byte[32], here));
            assertTrue(key.sharedSecret(publicKey(other), here));
            assertTrue(agree(other, ours, there));
            assertArrayEquals(there, here);
        }
        assertEquals("X25519Key", key.toString());
        key.close();
        key.close();
        assertThrows(IllegalStateException.class, () -> key.publicKey(new byte[32]));
        assertThrows(IllegalStateException.class, () -> key.sharedSecret(ours, new byte[32]));
    }

    @Test
    void refusesKeysOfAnotherLength() {
        assertThrows(IllegalArgumentException.class, () -> x25519.newKey(new byte[31]));
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

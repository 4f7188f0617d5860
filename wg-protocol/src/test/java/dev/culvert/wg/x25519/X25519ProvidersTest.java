package dev.culvert.wg.x25519;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X25519ProvidersTest {
    @ParameterizedTest
    @ValueSource(strings = {"jdk", "bouncycastle"})
    void isBouncyCastlesBesideACipherOfJava(String cipher) {
        assertEquals("bouncycastle", X25519Providers.beside(cipher).name());
    }

    /** OpenSSL at least is here, wherever these tests run. */
    @ParameterizedTest
    @ValueSource(strings = {"ipsec-mb", "boringssl", "openssl"})
    void isANativeOneBesideANativeCipher(String cipher) {
        X25519 found = X25519Providers.beside(cipher);
        assertNotEquals("bouncycastle", found.name());
        assertSame(found, X25519Providers.beside(cipher));
    }

    @Test
    void isBouncyCastlesForAnUnknownLibrary() {
        assertEquals("bouncycastle", X25519Providers.of("rot13").name());
    }
}

package dev.culvert.wg.x25519;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X25519ProvidersTest {
    @ParameterizedTest
    @ValueSource(strings = {"jdk", "bouncycastle", "rot13"})
    void isBouncyCastlesWhereTheLibraryHasNone(String library) {
        assertEquals("bouncycastle", X25519Providers.of(library).name());
    }
}

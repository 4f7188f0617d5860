package dev.culvert.wg.aead;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.wg.vectors.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every provider computes what RFC 8439 and Project Wycheproof publish. */
class AeadVectorsTest {
    static final List<String> providers = AeadProviders.NAMES;

    @ParameterizedTest
    @FieldSource("providers")
    void sealsAndOpensTheExamplesOfRfc8439(String provider) {
        JsonNode vectors = Vectors.json("aead/rfc8439.json");
        run(provider, vectors.get("section2.8.2"), true);
        run(provider, vectors.get("appendixA.5"), true);
    }

    @ParameterizedTest
    @FieldSource("providers")
    void agreesWithWycheproof(String provider) {
        int valid = 0;
        int invalid = 0;
        int otherNonceSizes = 0;
        for (JsonNode test : Vectors.wycheproof("aead/chacha20_poly1305_test.json")) {
            boolean expectValid = test.get("result").asText().equals("valid");
            if (hex(test, "iv").length != 12) {
                // A nonce of another size cannot be said through this seam.
                assertEquals("invalid", test.get("result").asText());
                otherNonceSizes++;
                continue;
            }
            run(provider, test, expectValid);
            if (expectValid) {
                valid++;
            } else {
                invalid++;
            }
        }
        assertEquals(233, valid);
        assertEquals(60, invalid);
        assertEquals(7, otherNonceSizes);
    }

    private static void run(String provider, JsonNode test, boolean expectValid) {
        byte[] aad = hex(test, "aad");
        byte[] plain = hex(test, "msg");
        byte[] sealed = hex(test, "ct", "tag");
        ByteBuffer nonce = ByteBuffer.wrap(hex(test, "iv")).order(ByteOrder.LITTLE_ENDIAN);
        int head = nonce.getInt();
        long tail = nonce.getLong();
        String name = provider + " test " + test.path("tcId");
        try (Arena arena = Arena.ofConfined();
                Rfc8439Key key =
                        (Rfc8439Key) InstalledProviders.get(provider).newKey(hex(test, "key"))) {
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, sealed);
            MemorySegment out = arena.allocate(sealed.length);
            int opened = key.open(head, tail, aad, in, 0, sealed.length, out, 0);
            if (!expectValid) {
                assertEquals(-1, opened, name);
                return;
            }
            assertEquals(plain.length, opened, name);
            assertArrayEquals(plain, bytes(out, plain.length), name);

            key.seal(head, tail, aad, out, 0, plain.length, out, 0);
            assertArrayEquals(sealed, bytes(out, sealed.length), name + " in place");
            assertTrue(key.open(head, tail, aad, in, 0, sealed.length, in, 0) >= 0, name);
            assertArrayEquals(plain, bytes(in, plain.length), name + " in place");
        }
    }

    private static byte[] bytes(MemorySegment segment, int length) {
        return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
}

package dev.culvert.wg.aead;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class AeadProvidersTest {
    @ParameterizedTest
    @FieldSource("dev.culvert.wg.aead.AeadProviders#NAMES")
    void selectsByName(String name) {
        assertEquals(name, InstalledProviders.get(name).name());
    }

    @Test
    void prefersTheFirstOfItsNames() {
        InstalledProviders.get(AeadProviders.NAMES.get(0));
        assertEquals(AeadProviders.NAMES.get(0), AeadProviders.select(AeadProviders.AUTO).name());
    }

    @Test
    void saysInOneLineWhatMayBeChosen() {
        Exception refusal =
                assertThrows(IllegalArgumentException.class, () -> AeadProviders.select("rot13"));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("rot13"), message);
        assertTrue(
                message.contains("auto, ipsec-mb, boringssl, openssl, jdk, bouncycastle"), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void knownAnswerTestRefusesAProviderThatChecksNoTag() {
        AeadProvider forgiving =
                altered(key ->
                        new Altered(key) {
                            @Override
                            public int open(
                                    long counter,
                                    MemorySegment src,
                                    long srcOffset,
                                    int length,
                                    MemorySegment dst,
                                    long dstOffset) {
                                super.open(counter, src, srcOffset, length, dst, dstOffset);
                                return length - TAG_BYTES;
                            }
                        });
        assertThrows(AeadUnavailableException.class, () -> KnownAnswer.check(forgiving));
    }

    @Test
    void knownAnswerTestRefusesAProviderThatCountsOtherwise() {
        AeadProvider miscounting =
                altered(key ->
                        new Altered(key) {
                            @Override
                            public void seal(
                                    long counter,
                                    MemorySegment src,
                                    long srcOffset,
                                    int length,
                                    MemorySegment dst,
                                    long dstOffset) {
                                super.seal(
                                        Long.reverseBytes(counter),
                                        src,
                                        srcOffset,
                                        length,
                                        dst,
                                        dstOffset);
                            }
                        });
        assertThrows(AeadUnavailableException.class, () -> KnownAnswer.check(miscounting));
    }

    @Test
    void knownAnswerTestRefusesAProviderThatFails() {
        AeadProvider failing =
                altered(key -> {
                    throw new IllegalStateException("no more keys");
                });
        assertThrows(AeadUnavailableException.class, () -> KnownAnswer.check(failing));
    }

    @Test
    void knownAnswerTestPassesAnHonestProvider() {
        assertDoesNotThrow(() -> KnownAnswer.check(altered(Altered::new)));
    }

    private static AeadProvider altered(UnaryOperator<AeadKey> alteration) {
        AeadProvider honest = new BouncyCastleAead();
        return new AeadProvider() {
            @Override
            public String name() {
                return "altered";
            }

            @Override
            public AeadKey newKey(byte[] key32) {
                return alteration.apply(honest.newKey(key32));
            }
        };
    }

    private static class Altered implements AeadKey {
        private final AeadKey key;

        Altered(AeadKey key) {
            this.key = key;
        }

        @Override
        public void seal(
                long counter,
                MemorySegment src,
                long srcOffset,
                int length,
                MemorySegment dst,
                long dstOffset) {
            key.seal(counter, src, srcOffset, length, dst, dstOffset);
        }

        @Override
        public int open(
                long counter,
                MemorySegment src,
                long srcOffset,
                int length,
                MemorySegment dst,
                long dstOffset) {
            return key.open(counter, src, srcOffset, length, dst, dstOffset);
        }

        @Override
        public void close() {
            key.close();
        }
    }
}

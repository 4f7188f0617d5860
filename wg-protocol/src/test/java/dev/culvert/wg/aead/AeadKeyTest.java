package dev.culvert.wg.aead;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class AeadKeyTest {
    static final List<String> providers = AeadProviders.NAMES;

    private final Random random = new Random(8439);
    private final byte[] keyBytes = randomBytes(32);
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @ParameterizedTest
    @FieldSource("providers")
    void opensWhatItSealed(String provider) {
        try (AeadKey key = newKey(provider)) {
            for (int length : new int[] {0, 1, 15, 16, 63, 64, 65, 255, 1420, 9000, 65_504}) {
                MemorySegment plain = nativeCopy(randomBytes(length));
                MemorySegment sealed = arena.allocate(length + 16);
                key.seal(length, plain, 0, length, sealed, 0);
                MemorySegment opened = arena.allocate(length);
                assertEquals(length, key.open(length, sealed, 0, length + 16, opened, 0));
                assertEquals(-1, opened.mismatch(plain));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void agreesWithBouncyCastleOnEveryLength(String provider) {
        try (AeadKey key = newKey(provider);
                AeadKey bouncycastle = newKey("bouncycastle")) {
            for (int length = 0; length < 700; length++) {
                long counter = random.nextLong();
                MemorySegment plain = nativeCopy(randomBytes(length));
                byte[] expected = seal(bouncycastle, counter, plain, length);
                assertArrayEquals(expected, seal(key, counter, plain, length));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void sealsIntoAnotherPlaceOfTheSameBuffer(String provider) {
        try (AeadKey key = newKey(provider)) {
            byte[] plain = randomBytes(100);
            MemorySegment buffer = arena.allocate(400);
            MemorySegment.copy(plain, 0, buffer, ValueLayout.JAVA_BYTE, 7, 100);
            key.seal(3, buffer, 7, 100, buffer, 203);
            assertEquals(100, key.open(3, buffer, 203, 116, buffer, 203));
            assertArrayEquals(plain, buffer.asSlice(203, 100).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void refusesEveryFlippedBit(String provider) {
        try (AeadKey key = newKey(provider)) {
            MemorySegment sealed = nativeCopy(seal(key, 5, nativeCopy(randomBytes(40)), 40));
            MemorySegment out = arena.allocate(40);
            for (int bit = 0; bit < 8 * 56; bit++) {
                flip(sealed, bit);
                assertEquals(-1, key.open(5, sealed, 0, 56, out, 0));
                flip(sealed, bit);
            }
            assertEquals(40, key.open(5, sealed, 0, 56, out, 0));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void aForgedPacketDoesNotBurnItsCounter(String provider) {
        try (AeadKey key = newKey(provider)) {
            MemorySegment sealed = nativeCopy(seal(key, 9, nativeCopy(randomBytes(32)), 32));
            MemorySegment forged = nativeCopy(randomBytes(48));
            MemorySegment out = arena.allocate(32);
            assertEquals(-1, key.open(9, forged, 0, 48, out, 0));
            assertEquals(-1, key.open(9, forged, 0, 48, out, 0));
            assertEquals(32, key.open(9, sealed, 0, 48, out, 0));
            assertEquals(32, key.open(9, sealed, 0, 48, out, 0));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void doesNotOpenUnderAnotherCounterOrKey(String provider) {
        byte[] otherKey = keyBytes.clone();
        otherKey[31] ^= 1;
        try (AeadKey key = newKey(provider);
                AeadKey other = InstalledProviders.get(provider).newKey(otherKey)) {
            MemorySegment sealed = nativeCopy(seal(key, 9, nativeCopy(randomBytes(32)), 32));
            MemorySegment out = arena.allocate(32);
            assertEquals(-1, key.open(10, sealed, 0, 48, out, 0));
            assertEquals(-1, other.open(9, sealed, 0, 48, out, 0));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void refusesInputThatIsTooShortForATag(String provider) {
        try (AeadKey key = newKey(provider)) {
            MemorySegment buffer = arena.allocate(64);
            for (int length = 0; length < 16; length++) {
                assertEquals(-1, key.open(0, buffer, 0, length, buffer, 0));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void refusesMemoryThatOverlapsAtDifferentOffsets(String provider) {
        try (AeadKey key = newKey(provider)) {
            MemorySegment buffer = arena.allocate(400);
            assertThrows(
                    IllegalArgumentException.class, () -> key.seal(0, buffer, 0, 100, buffer, 16));
            assertThrows(
                    IllegalArgumentException.class, () -> key.seal(0, buffer, 16, 100, buffer, 0));
            assertThrows(
                    IllegalArgumentException.class, () -> key.open(0, buffer, 0, 100, buffer, 16));
            assertThrows(
                    IllegalArgumentException.class, () -> key.seal(0, buffer, 115, 100, buffer, 0));
            key.seal(0, buffer, 116, 100, buffer, 0);
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void staysInsideItsSegments(String provider) {
        try (AeadKey key = newKey(provider)) {
            MemorySegment small = arena.allocate(40);
            MemorySegment large = arena.allocate(400);
            assertThrows(
                    IndexOutOfBoundsException.class, () -> key.seal(0, large, 0, 25, small, 0));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> key.seal(0, small, 20, 21, large, 0));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> key.open(0, large, 0, 57, small, 0));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> key.open(0, small, 8, 40, large, 0));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> key.seal(0, large, 0, -1, large, 0));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void worksOnHeapSegments(String provider) {
        try (AeadKey key = newKey(provider)) {
            byte[] plain = randomBytes(50);
            MemorySegment heap = MemorySegment.ofArray(new byte[100]);
            key.seal(1, MemorySegment.ofArray(plain), 0, 50, heap, 10);
            byte[] expected = seal(key, 2, nativeCopy(plain), 50);
            assertFalse(
                    Arrays.equals(expected, heap.asSlice(10, 66).toArray(ValueLayout.JAVA_BYTE)));
            assertEquals(50, key.open(1, heap, 10, 66, heap, 10));
            assertArrayEquals(plain, heap.asSlice(10, 50).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void copiesTheKeyItIsMadeFrom(String provider) {
        byte[] zeroed = keyBytes.clone();
        try (AeadKey key = newKey(provider);
                AeadKey fromZeroed = InstalledProviders.get(provider).newKey(zeroed)) {
            Arrays.fill(zeroed, (byte) 0);
            MemorySegment plain = nativeCopy(randomBytes(20));
            assertArrayEquals(seal(key, 4, plain, 20), seal(fromZeroed, 4, plain, 20));
        }
    }

    @ParameterizedTest
    @FieldSource("providers")
    void refusesToWorkOnceClosed(String provider) {
        AeadKey key = newKey(provider);
        key.close();
        key.close();
        MemorySegment buffer = arena.allocate(64);
        assertThrows(IllegalStateException.class, () -> key.seal(0, buffer, 0, 16, buffer, 0));
        assertThrows(IllegalStateException.class, () -> key.open(0, buffer, 0, 32, buffer, 0));
    }

    @ParameterizedTest
    @FieldSource("providers")
    void takesKeysOf32BytesOnlyAndNeverPrintsOne(String provider) {
        AeadProvider chosen = InstalledProviders.get(provider);
        assertThrows(IllegalArgumentException.class, () -> chosen.newKey(new byte[31]));
        try (AeadKey key = chosen.newKey(keyBytes)) {
            assertTrue(key.toString().matches("[A-Za-z]+"), key.toString());
        }
    }

    private AeadKey newKey(String provider) {
        return InstalledProviders.get(provider).newKey(keyBytes);
    }

    private byte[] seal(AeadKey key, long counter, MemorySegment plain, int length) {
        MemorySegment sealed = arena.allocate(length + 16);
        key.seal(counter, plain, 0, length, sealed, 0);
        return sealed.toArray(ValueLayout.JAVA_BYTE);
    }

    private static void flip(MemorySegment segment, int bit) {
        byte value = segment.get(ValueLayout.JAVA_BYTE, bit / 8);
        segment.set(ValueLayout.JAVA_BYTE, bit / 8, (byte) (value ^ 1 << bit % 8));
    }

    private MemorySegment nativeCopy(byte[] bytes) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}

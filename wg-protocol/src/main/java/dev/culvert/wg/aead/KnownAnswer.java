package dev.culvert.wg.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * The test that a provider passes before it is used: lengths that reach the different code paths of
 * vectorised implementations seal to known tags, apart and in place, open again, and do not open
 * once a bit is flipped. Key and text are the bytes 0, 1, 2, ...; a tag covers the ciphertext, so
 * it need not be spelt out.
 */
final class KnownAnswer {
    private static final long COUNTER = 0x0706_0504_0302_0100L;
    private static final int[] LENGTHS = {0, 1, 64, 1420};
    private static final String[] TAGS = {
        "b056a7af823d5ca08cd6e2643529e8c8",
        "7ac0c7a09eda510751e0f407dd2ce7b6",
        "3eea03d65dbbb4ba01bf9b9fb57f3f2c",
        "1d2efcbe88ffa5e1586b0d4e061ff73b"
    };

    private KnownAnswer() {}

    /**
     * @throws AeadUnavailableException when the provider computes a wrong result or fails
     */
    static void check(AeadProvider provider) throws AeadUnavailableException {
        byte[] key = new byte[AeadKey.KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        boolean passed = true;
        RuntimeException failure = null;
        try (AeadKey apart = provider.newKey(key);
                AeadKey inPlace = provider.newKey(key);
                Arena arena = Arena.ofConfined()) {
            for (int i = 0; i < LENGTHS.length; i++) {
                // A fresh counter each: providers may refuse one that they have just seen.
                passed &= check(apart, inPlace, COUNTER + i, LENGTHS[i], TAGS[i], arena);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
        if (failure != null || !passed) {
            throw new AeadUnavailableException(
                    "AEAD provider " + provider.name() + " fails its known-answer test", failure);
        }
    }

    private static boolean check(
            AeadKey apart, AeadKey inPlace, long counter, int length, String tag, Arena arena) {
        MemorySegment plain = arena.allocate(length);
        for (int i = 0; i < length; i++) {
            plain.set(ValueLayout.JAVA_BYTE, i, (byte) i);
        }
        int sealedLength = length + AeadKey.TAG_BYTES;
        MemorySegment sealed = arena.allocate(sealedLength);
        apart.seal(counter, plain, 0, length, sealed, 0);
        MemorySegment sealedInPlace = arena.allocate(sealedLength);
        MemorySegment.copy(plain, 0, sealedInPlace, 0, length);
        inPlace.seal(counter, sealedInPlace, 0, length, sealedInPlace, 0);
        byte[] actualTag = sealed.asSlice(length).toArray(ValueLayout.JAVA_BYTE);
        boolean passed =
                HexFormat.of().formatHex(actualTag).equals(tag)
                        && sealed.mismatch(sealedInPlace) == -1;

        MemorySegment opened = arena.allocate(length);
        passed &= apart.open(counter, sealed, 0, sealedLength, opened, 0) == length;
        passed &= opened.mismatch(plain) == -1;
        flipBit(sealed, length);
        passed &= apart.open(counter, sealed, 0, sealedLength, opened, 0) == -1;
        flipBit(sealed, length);
        flipBit(sealed, 0);
        passed &= apart.open(counter, sealed, 0, sealedLength, opened, 0) == -1;

        passed &= inPlace.open(counter, sealedInPlace, 0, sealedLength, sealedInPlace, 0) == length;
        return passed && sealedInPlace.asSlice(0, length).mismatch(plain) == -1;
    }

    private static void flipBit(MemorySegment segment, long offset) {
        byte value = segment.get(ValueLayout.JAVA_BYTE, offset);
        segment.set(ValueLayout.JAVA_BYTE, offset, (byte) (value ^ 1));
    }
}

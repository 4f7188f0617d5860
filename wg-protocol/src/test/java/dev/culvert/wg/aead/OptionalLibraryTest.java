package dev.culvert.wg.aead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Whatever a library lacks is a reason to take the next provider, and not the end of the start. */
class OptionalLibraryTest {
    private static final MemorySegment ADDRESS = MemorySegment.ofAddress(4096);
    private static final SymbolLookup OLD_VERSION =
            name -> name.equals("alloc") ? Optional.of(ADDRESS) : Optional.empty();

    @Test
    void findsFunctions() throws Exception {
        assertEquals(ADDRESS, load(() -> Optional.of(OLD_VERSION)).function("alloc"));
    }

    @Test
    void saysWhatItLacks() throws Exception {
        OptionalLibrary library = load(() -> Optional.of(OLD_VERSION));
        assertEquals("libfast has no size", refusal(() -> library.function("size")));
        assertEquals(
                "libfast is not installed (Debian: libfast1)",
                refusal(() -> load(Optional::empty)));
        assertEquals(
                "libfast cannot be loaded",
                refusal(() ->
                        load(() -> {
                            throw new IllegalArgumentException("not for this machine");
                        })));
    }

    private static OptionalLibrary load(Supplier<Optional<SymbolLookup>> library)
            throws AeadUnavailableException {
        return OptionalLibrary.load("libfast", "libfast1", library);
    }

    private static String refusal(Executable attempt) {
        return String.valueOf(assertThrows(AeadUnavailableException.class, attempt).getMessage());
    }
}

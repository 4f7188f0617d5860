package dev.culvert.wg.aead;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A native library that need not be installed, nor have every function: either is a reason to take
 * another provider.
 */
final class OptionalLibrary {
    private final String name;
    private final SymbolLookup symbols;

    private OptionalLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    /**
     * Loads it.
     *
     * @param name for messages
     * @param debianPackage that has it
     * @param library of {@link dev.culvert.wg.libcrypto.CryptoLibraries}
     */
    static OptionalLibrary load(
            String name, String debianPackage, Supplier<Optional<SymbolLookup>> library)
            throws AeadUnavailableException {
        Optional<SymbolLookup> symbols;
        try {
            symbols = library.get();
        } catch (IllegalArgumentException e) {
            throw new AeadUnavailableException(name + " cannot be loaded", e);
        }
        if (symbols.isEmpty()) {
            throw new AeadUnavailableException(
                    name + " is not installed (Debian: " + debianPackage + ")", null);
        }
        return new OptionalLibrary(name, symbols.get());
    }

    /** The address of one of its functions. */
    MemorySegment function(String function) throws AeadUnavailableException {
        Optional<MemorySegment> found = symbols.find(function);
        if (found.isEmpty()) {
            throw new AeadUnavailableException(name + " has no " + function, null);
        }
        return found.get();
    }
}

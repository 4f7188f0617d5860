package dev.culvert.wg.aead;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;

/** The providers that this machine has. */
final class InstalledProviders {
    private InstalledProviders() {}

    /** What not every machine has, or can use. */
    private static final Set<String> OPTIONAL = Set.of("ipsec-mb", "boringssl");

    /**
     * The provider of that name; skips the test, and says why, where an optional one is not
     * installed, or of no use to the processor.
     */
    static AeadProvider get(String name) {
        try {
            return AeadProviders.select(name);
        } catch (IllegalArgumentException missing) {
            String why = String.valueOf(missing.getMessage());
            boolean missingHere = why.contains("not installed") || why.contains("AVX512-IFMA");
            assumeTrue(!OPTIONAL.contains(name) || !missingHere, why);
            throw missing;
        }
    }
}

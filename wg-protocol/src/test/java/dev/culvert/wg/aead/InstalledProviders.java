package dev.culvert.wg.aead;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The providers that this machine has. */
final class InstalledProviders {
    private InstalledProviders() {}

    /**
     * The provider of that name; skips the test, and says why, where BoringSSL is not installed.
     */
    static AeadProvider get(String name) {
        try {
            return AeadProviders.select(name);
        } catch (IllegalArgumentException missing) {
            String why = String.valueOf(missing.getMessage());
            assumeTrue(!name.equals("boringssl") || !why.contains("not installed"), why);
            throw missing;
        }
    }
}

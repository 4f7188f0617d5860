package dev.culvert.wg.libcrypto;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loads libcrypto of OpenSSL and of BoringSSL, libIPSec_MB and libsodium, for as long as the
 * process lives.
 */
public final class CryptoLibraries {
    /** Where Debian's android-libboringssl puts it, per architecture. */
    private static final List<Path> BORINGSSL =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/android/libcrypto.so.0"),
                    Path.of("/usr/lib/aarch64-linux-gnu/android/libcrypto.so.0"));

    /** Where Debian's libipsec-mb1 puts it; there is none for other processors. */
    private static final Path IPSEC_MB = Path.of("/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1");

    /** 1.0.18 (Debian) and later releases; what is used of it is the same. */
    private static final List<String> SODIUM = List.of("libsodium.so.23", "libsodium.so.26");

    private CryptoLibraries() {}

    /**
     * OpenSSL 3.
     *
     * @throws IllegalArgumentException where there is none
     */
    @SuppressWarnings("restricted")
    public static SymbolLookup openSsl() {
        return SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());
    }

    /**
     * BoringSSL; empty where there is none.
     *
     * @throws IllegalArgumentException where the file is no library for this machine
     */
    @SuppressWarnings("restricted")
    public static Optional<SymbolLookup> boringSsl() {
        return BORINGSSL.stream()
                .filter(Files::exists)
                .findFirst()
                .map(file -> SymbolLookup.libraryLookup(file, Arena.global()));
    }

    /**
     * Intel's Multi-Buffer Crypto for IPsec; empty where there is none.
     *
     * @throws IllegalArgumentException where the file is no library for this machine
     */
    @SuppressWarnings("restricted")
    public static Optional<SymbolLookup> ipsecMb() {
        return Files.exists(IPSEC_MB)
                ? Optional.of(SymbolLookup.libraryLookup(IPSEC_MB, Arena.global()))
                : Optional.empty();
    }

    /** libsodium; empty where there is none. */
    @SuppressWarnings("restricted")
    public static Optional<SymbolLookup> sodium() {
        for (String file : SODIUM) {
            try {
                return Optional.of(SymbolLookup.libraryLookup(file, Arena.global()));
            } catch (IllegalArgumentException absent) {
                // The next one, then.
            }
        }
        return Optional.empty();
    }
}

package dev.culvert.wg.aead;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * BoringSSL through its EVP_AEAD interface, where the system has it: one call a packet, and less
 * time in it than OpenSSL takes. Allocates nothing per packet.
 */
final class BoringSslAead implements AeadProvider {
    /** Where Debian's android-libboringssl puts it, per architecture. */
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/lib/x86_64-linux-gnu/android/libcrypto.so.0"),
                    Path.of("/usr/lib/aarch64-linux-gnu/android/libcrypto.so.0"));

    private final LibBoringCrypto library;

    private BoringSslAead(LibBoringCrypto library) {
        this.library = library;
    }

    /**
     * Loads the library.
     *
     * @throws AeadUnavailableException where there is none
     */
    static BoringSslAead load() throws AeadUnavailableException {
        for (Path place : PLACES) {
            if (Files.exists(place)) {
                return new BoringSslAead(LibBoringCrypto.load(place));
            }
        }
        throw new AeadUnavailableException(
                "BoringSSL's libcrypto is not installed (Debian: android-libboringssl)", null);
    }

    @Override
    public String name() {
        return "boringssl";
    }

    @Override
    public AeadKey newKey(byte[] key32) {
        return new BoringSslKey(library, Rfc8439Key.checkedKey(key32));
    }
}

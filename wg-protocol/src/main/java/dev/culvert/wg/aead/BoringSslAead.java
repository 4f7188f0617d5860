package dev.culvert.wg.aead;

/**
 * BoringSSL through its EVP_AEAD interface, where the system has it: one call a packet, and less
 * time in it than OpenSSL takes. Allocates nothing per packet.
 */
final class BoringSslAead implements AeadProvider {
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
        return new BoringSslAead(LibBoringCrypto.load());
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

package dev.culvert.wg.x25519;

import java.util.Arrays;

/**
 * OpenSSL 3 through its EVP interface: a private key is an EVP_PKEY, which computes its public key
 * when it is made, with a context for as many agreements as wanted.
 */
final class OpenSslX25519 implements X25519 {
    private final LibCryptoX25519 library;

    private OpenSslX25519(LibCryptoX25519 library) {
        this.library = library;
    }

    /**
     * Loads the library.
     *
     * @throws RuntimeException where it or a function is missing
     */
    static OpenSslX25519 load() {
        return new OpenSslX25519(new LibCryptoX25519());
    }

    @Override
    public String name() {
        return "openssl";
    }

    @Override
    public X25519Key newKey(byte[] private32) {
        return new Key(library, HeapX25519Key.checkedKey(private32));
    }

    private static final class Key implements X25519Key {
        private final LibCryptoX25519 library;
        private long key;
        private long context;

        Key(LibCryptoX25519 library, byte[] private32) {
            this.library = library;
            key = library.privateKey(private32);
            context = key == 0 ? 0 : library.newContext(key);
            if (context == 0) {
                close();
                throw new IllegalStateException("libcrypto is out of memory");
            }
        }

        private long key() {
            if (key == 0) {
                throw new IllegalStateException("the key is closed");
            }
            return key;
        }

        @Override
        public void publicKey(byte[] out32) {
            library.publicKeyOf(key(), HeapX25519Key.checkedKey(out32));
        }

        @Override
        public boolean sharedSecret(byte[] public32, byte[] out32) {
            key();
            long peer = library.publicKey(HeapX25519Key.checkedKey(public32));
            if (peer == 0) {
                throw new IllegalStateException("libcrypto is out of memory");
            }
            boolean derived = library.derive(context, peer, HeapX25519Key.checkedKey(out32));
            library.freeKey(peer);
            if (!derived) {
                Arrays.fill(out32, (byte) 0);
            }
            return derived;
        }

        /** Frees the key, which libcrypto cleanses. */
        @Override
        public void close() {
            library.freeContext(context);
            library.freeKey(key);
            context = 0;
            key = 0;
        }

        /** Never a key. */
        @Override
        public String toString() {
            return "X25519Key";
        }
    }
}

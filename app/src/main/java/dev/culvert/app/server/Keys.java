package dev.culvert.app.server;

import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.Secret;
import dev.culvert.wg.x25519.X25519;
import dev.culvert.wg.x25519.X25519Key;
import dev.culvert.wg.x25519.X25519Providers;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** New keys, as {@code wg genkey}, {@code wg genpsk} and {@code wg pubkey} make them. */
final class Keys {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {}

    static Secret newPrivateKey() {
        byte[] key = new byte[Secret.BYTES];
        RANDOM.nextBytes(key);
        X25519.clamp(key);
        return Secret.of(key);
    }

    static Secret newPresharedKey() {
        byte[] key = new byte[Secret.BYTES];
        RANDOM.nextBytes(key);
        return Secret.of(key);
    }

    static PublicKey publicKey(Secret privateKey) {
        byte[] copy = privateKey.copy();
        byte[] out = new byte[X25519.KEY_BYTES];
        try (X25519Key key = X25519Providers.bouncyCastle().newKey(copy)) {
            key.publicKey(out);
            return PublicKey.of(out);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** For a file of its owner's. */
    static String base64(Secret secret) {
        byte[] copy = secret.copy();
        try {
            return Base64.getEncoder().encodeToString(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }
}

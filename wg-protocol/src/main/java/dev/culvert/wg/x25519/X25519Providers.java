package dev.culvert.wg.x25519;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds an implementation. A native one passes a known-answer test first. */
public final class X25519Providers {
    /** The names of the implementations. */
    public static final List<String> NAMES = List.of("boringssl", "openssl", "bouncycastle");

    // RFC 7748 §6.1.
    private static final String ALICE_PRIVATE =
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private static final String ALICE_PUBLIC =
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private static final String BOB_PUBLIC =
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private static final String SHARED_SECRET =
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

    /** Loading and testing one takes longer than a handshake, and every device asks for it. */
    private static final Map<String, X25519> FOUND = new ConcurrentHashMap<>();

    private X25519Providers() {}

    /**
     * The X25519 of a library.
     *
     * @param library one of {@link #NAMES}; Bouncy Castle for every other name, and where the
     *     library is not there or computes something else
     */
    public static X25519 of(String library) {
        return FOUND.computeIfAbsent(library, X25519Providers::find);
    }

    private static X25519 find(String library) {
        try {
            X25519 found =
                    switch (library) {
                        case "boringssl" -> BoringSslX25519.load();
                        case "openssl" -> OpenSslX25519.load();
                        default -> bouncyCastle();
                    };
            return knowsTheAnswer(found) ? found : bouncyCastle();
        } catch (RuntimeException | LinkageError unusable) {
            return bouncyCastle();
        }
    }

    /** Pure Java. */
    public static X25519 bouncyCastle() {
        return new BouncyCastleX25519();
    }

    /** Public key, secret, and the refusal of a public key of low order. */
    private static boolean knowsTheAnswer(X25519 x25519) {
        byte[] publicKey = new byte[X25519.KEY_BYTES];
        byte[] secret = new byte[X25519.KEY_BYTES];
        try (X25519Key key = x25519.newKey(hex(ALICE_PRIVATE))) {
            key.publicKey(publicKey);
            return Arrays.equals(publicKey, hex(ALICE_PUBLIC))
                    && key.sharedSecret(hex(BOB_PUBLIC), secret)
                    && Arrays.equals(secret, hex(SHARED_SECRET))
                    && !key.sharedSecret(new byte[X25519.KEY_BYTES], secret);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}

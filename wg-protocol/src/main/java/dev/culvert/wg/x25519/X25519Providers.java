package dev.culvert.wg.x25519;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Finds an implementation. A native one passes a known-answer test first. */
public final class X25519Providers {
    /** The names of the implementations, fastest first. */
    public static final List<String> NAMES =
            List.of("sodium", "boringssl", "openssl", "bouncycastle");

    // RFC 7748 §6.1.
    private static final String ALICE_PRIVATE =
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private static final String ALICE_PUBLIC =
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private static final String BOB_PUBLIC =
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private static final String SHARED_SECRET =
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

    /** The ciphers of those who want no native library, or have none. */
    private static final Set<String> JAVA_CIPHERS = Set.of("jdk", "bouncycastle");

    /** Loading and testing one takes longer than a handshake, and every device asks for it. */
    private static final class Fastest {
        static final X25519 FOUND = find();

        private static X25519 find() {
            for (String name : NAMES) {
                X25519 found = of(name);
                if (found.name().equals(name)) {
                    return found;
                }
            }
            throw new AssertionError("Bouncy Castle's is always there");
        }
    }

    private X25519Providers() {}

    /**
     * The fastest that works here, beside a cipher.
     *
     * @param cipher name of the {@code AeadProvider}: Bouncy Castle beside one of Java, else a
     *     native library where there is one
     */
    public static X25519 beside(String cipher) {
        return JAVA_CIPHERS.contains(cipher) ? bouncyCastle() : Fastest.FOUND;
    }

    /**
     * The X25519 of a library.
     *
     * @param library one of {@link #NAMES}; Bouncy Castle where it is not there or computes
     *     something else
     */
    public static X25519 of(String library) {
        try {
            X25519 found =
                    switch (library) {
                        case "sodium" -> RawBytesX25519.sodium();
                        case "boringssl" -> RawBytesX25519.boringSsl();
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

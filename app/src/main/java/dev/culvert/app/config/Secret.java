package dev.culvert.app.config;

import java.util.Arrays;
import java.util.Base64;

/** A key of 32 bytes. Whoever closes it zeroes it. */
public final class Secret implements AutoCloseable {
    /** Of every key of the protocol. */
    public static final int BYTES = 32;

    private static final int BASE64_CHARS = 44;

    private final byte[] key;

    private Secret(byte[] key) {
        this.key = key;
    }

    /** The base64 form of {@code wg}: 44 characters. */
    public static Secret ofBase64(byte[] text, int offset, int length)
            throws InvalidValueException {
        if (length != BASE64_CHARS) {
            throw wrong(length + " characters");
        }
        byte[] copy = Arrays.copyOfRange(text, offset, offset + length);
        try {
            byte[] key = Base64.getDecoder().decode(copy);
            if (key.length != BYTES) {
                Arrays.fill(key, (byte) 0);
                throw wrong("not of 32 bytes");
            }
            return new Secret(key);
        } catch (IllegalArgumentException notBase64) {
            throw wrong("not base64");
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    private static InvalidValueException wrong(String what) {
        return new InvalidValueException(
                "is "
                        + what
                        + ", where a key has 44 characters of base64 (the value is not shown)");
    }

    /** Takes over 32 bytes. */
    public static Secret of(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes");
        }
        return new Secret(key);
    }

    /** A copy, to be zeroed by the caller. */
    public byte[] copy() {
        return key.clone();
    }

    boolean isZero() {
        int any = 0;
        for (byte b : key) {
            any |= b;
        }
        return any == 0;
    }

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret";
    }
}

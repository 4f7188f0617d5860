package dev.culvert.app.config;

import java.util.Base64;

/** A peer's public key, in the one base64 form that its 32 bytes have. */
public record PublicKey(String base64) {
    /** 44 characters of base64. */
    public static PublicKey parse(String text) throws InvalidValueException {
        try {
            byte[] key = Base64.getDecoder().decode(text);
            if (text.length() == 44 && key.length == Secret.BYTES) {
                return of(key);
            }
        } catch (IllegalArgumentException notBase64) {
            // Said below. Not shown: it may be a private key in the wrong place.
        }
        throw new InvalidValueException("is not a key: 44 characters of base64");
    }

    /** Of 32 bytes. */
    public static PublicKey of(byte[] key) {
        return new PublicKey(Base64.getEncoder().encodeToString(key));
    }

    /** 32 bytes. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }

    @Override
    public String toString() {
        return base64;
    }
}

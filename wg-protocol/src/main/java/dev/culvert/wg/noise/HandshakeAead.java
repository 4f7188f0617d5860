package dev.culvert.wg.noise;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * ChaCha20-Poly1305 and XChaCha20-Poly1305 with associated data, over byte arrays: for handshake
 * fields and cookies. A nonce of 12 bytes selects the one, of 24 bytes the other. Callable from any
 * thread.
 */
public final class HandshakeAead {
    /** Bytes of the tag behind each ciphertext. */
    public static final int TAG_BYTES = 16;

    /** Bytes of an XChaCha20-Poly1305 nonce. */
    public static final int XNONCE_BYTES = 24;

    private HandshakeAead() {}

    /** Encrypts {@code in[inOffset..+length]}: {@code length + 16} bytes at {@code outOffset}. */
    public static void seal(
            byte[] key32,
            byte[] nonce,
            byte[] aad,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        try {
            run(true, key32, nonce, aad, in, inOffset, length, out, outOffset);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError("thrown by decryption only", e);
        }
    }

    /**
     * Decrypts {@code length} bytes of ciphertext and tag to {@code length - 16} bytes.
     *
     * @return false when the tag is wrong; the output is zeroed then
     */
    public static boolean open(
            byte[] key32,
            byte[] nonce,
            byte[] aad,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset) {
        if (length < TAG_BYTES) {
            return false;
        }
        try {
            run(false, key32, nonce, aad, in, inOffset, length, out, outOffset);
            return true;
        } catch (InvalidCipherTextException e) {
            Arrays.fill(out, outOffset, outOffset + length - TAG_BYTES, (byte) 0);
            return false;
        }
    }

    private static void run(
            boolean seal,
            byte[] key32,
            byte[] nonce,
            byte[] aad,
            byte[] in,
            int inOffset,
            int length,
            byte[] out,
            int outOffset)
            throws InvalidCipherTextException {
        ChaCha20Poly1305 cipher =
                nonce.length == XNONCE_BYTES ? new XChaCha20Poly1305() : new ChaCha20Poly1305();
        KeyParameter key = new KeyParameter(key32);
        try {
            cipher.init(seal, new AEADParameters(key, 8 * TAG_BYTES, nonce, aad));
            int written = cipher.processBytes(in, inOffset, length, out, outOffset);
            cipher.doFinal(out, outOffset + written);
        } finally {
            // The cipher copied the key: a zero key takes the place of its copy.
            Arrays.fill(key.getKey(), (byte) 0);
            cipher.init(false, new AEADParameters(key, 8 * TAG_BYTES, nonce));
        }
    }
}

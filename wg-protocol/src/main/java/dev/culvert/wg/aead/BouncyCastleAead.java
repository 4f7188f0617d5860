package dev.culvert.wg.aead;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** Bouncy Castle's lightweight cipher: pure Java, so it works everywhere. */
final class BouncyCastleAead implements AeadProvider {
    @Override
    public String name() {
        return "bouncycastle";
    }

    @Override
    public AeadKey newKey(byte[] key32) {
        return new Key(Rfc8439Key.checkedKey(key32));
    }

    private static final class Key extends HeapKey {
        /** Two instances: one would take sealing counter n for a repeat after opening n. */
        private final ChaCha20Poly1305 sealer = new ChaCha20Poly1305();

        private final ChaCha20Poly1305 opener = new ChaCha20Poly1305();

        Key(byte[] key32) {
            rekey(key32);
        }

        /** The ciphers copy the key, so that later calls name only a nonce. */
        private void rekey(byte[] key32) {
            KeyParameter key = new KeyParameter(key32);
            // The cipher remembers this nonce as used: one that no transport message has.
            byte[] unused = new byte[12];
            Arrays.fill(unused, (byte) 0xff);
            sealer.init(false, new ParametersWithIV(key, unused));
            opener.init(false, new ParametersWithIV(key, unused));
            Arrays.fill(key.getKey(), (byte) 0);
        }

        @Override
        void seal(byte[] nonce, byte[] aad, byte[] input, int length, byte[] output) {
            try {
                sealer.init(true, new ParametersWithIV(null, nonce));
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("counter used twice in a row", e);
            }
            try {
                run(sealer, aad, input, length, output);
            } catch (InvalidCipherTextException e) {
                throw new AssertionError("thrown by decryption only", e);
            }
        }

        @Override
        boolean open(byte[] nonce, byte[] aad, byte[] input, int length, byte[] output) {
            opener.init(false, new ParametersWithIV(null, nonce));
            try {
                run(opener, aad, input, length, output);
                return true;
            } catch (InvalidCipherTextException e) {
                return false;
            }
        }

        private static void run(
                ChaCha20Poly1305 cipher, byte[] aad, byte[] input, int length, byte[] output)
                throws InvalidCipherTextException {
            cipher.processAADBytes(aad, 0, aad.length);
            int written = cipher.processBytes(input, 0, length, output, 0);
            cipher.doFinal(output, written);
        }

        @Override
        void wipe() {
            rekey(new byte[KEY_BYTES]);
        }
    }
}

package dev.culvert.wg.aead;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;

/**
 * The JDK's own cipher. Works on heap arrays, into which packets are copied: that is faster here
 * than direct buffers. Allocates about 2 KiB per packet, most of it inside the cipher, and leaves
 * clearing the cipher's own copy of the key to the JDK.
 */
final class JdkAead implements AeadProvider {
    private JdkAead() {}

    /**
     * @throws AeadUnavailableException when no security provider of this runtime has the cipher
     */
    static JdkAead load() throws AeadUnavailableException {
        try {
            newCipher();
        } catch (GeneralSecurityException e) {
            throw new AeadUnavailableException("this Java runtime has no ChaCha20-Poly1305", e);
        }
        return new JdkAead();
    }

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public AeadKey newKey(byte[] key32) {
        try {
            return new Key(Rfc8439Key.checkedKey(key32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the cipher was there at start-up", e);
        }
    }

    private static Cipher newCipher() throws GeneralSecurityException {
        return Cipher.getInstance("ChaCha20-Poly1305");
    }

    private static final class Key extends HeapKey {
        private final ZeroableKey key;

        /** Two instances: the cipher remembers the last nonce of either direction as used. */
        private final Cipher sealer = newCipher();

        private final Cipher opener = newCipher();

        Key(byte[] key32) throws GeneralSecurityException {
            key = new ZeroableKey(key32);
        }

        @Override
        void seal(byte[] nonce, byte[] aad, byte[] input, int length, byte[] output) {
            try {
                sealer.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(nonce));
            } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
                throw new IllegalStateException("counter used twice in a row", e);
            }
            try {
                sealer.updateAAD(aad);
                sealer.doFinal(input, 0, length, output, 0);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the output has room and encryption no tag", e);
            }
        }

        @Override
        boolean open(byte[] nonce, byte[] aad, byte[] input, int length, byte[] output) {
            try {
                opener.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(nonce));
                opener.updateAAD(aad);
                opener.doFinal(input, 0, length, output, 0);
                return true;
            } catch (AEADBadTagException e) {
                return false;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the output has room and the key is right", e);
            }
        }

        @Override
        void wipe() {
            key.destroy();
            try {
                // Makes the ciphers replace the expanded key in their state.
                IvParameterSpec unused = new IvParameterSpec(new byte[12]);
                sealer.init(Cipher.DECRYPT_MODE, key, unused);
                opener.init(Cipher.DECRYPT_MODE, key, unused);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the cipher took the key before", e);
            }
        }
    }

    /** Unlike {@code SecretKeySpec}, it can be zeroed. */
    private static final class ZeroableKey implements SecretKey {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        private final byte[] bytes;

        ZeroableKey(byte[] key32) {
            bytes = key32.clone();
        }

        @Override
        public String getAlgorithm() {
            return "ChaCha20";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        /** The cipher clears the copy that it gets here. */
        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }

        @Override
        public void destroy() {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}

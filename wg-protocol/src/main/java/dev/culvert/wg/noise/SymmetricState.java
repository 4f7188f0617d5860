package dev.culvert.wg.noise;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Chaining key, transcript hash and current key of one handshake (Noise §5.2; C, H and κ of the
 * whitepaper). Every field is encrypted under a fresh key, so the nonce is always zero.
 */
final class SymmetricState {
    /** CONSTRUCTION of whitepaper §5.4. */
    static final byte[] CONSTRUCTION =
            "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".getBytes(StandardCharsets.US_ASCII);

    /** IDENTIFIER of whitepaper §5.4: what Noise calls the prologue. */
    static final byte[] WIREGUARD_PROLOGUE =
            "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] INITIAL_CHAINING_KEY = Blake2s.hash(CONSTRUCTION);

    /** The transcript of every WireGuard handshake up to the responder's static key. */
    static final byte[] WIREGUARD_TRANSCRIPT = transcript(WIREGUARD_PROLOGUE);

    private static final byte[] ZERO_NONCE = new byte[12];

    final byte[] chainingKey;
    final byte[] key = new byte[Blake2s.HASH_BYTES];
    byte[] hash;

    /**
     * The state after both sides know the responder's static key (pre-message {@code <- s}).
     *
     * @param transcript as {@link #transcript} gives it
     */
    SymmetricState(byte[] transcript, byte[] responderStatic) {
        chainingKey = INITIAL_CHAINING_KEY.clone();
        hash = Blake2s.hash(transcript, responderStatic);
    }

    /** The transcript hash of construction and prologue, which come before all keys. */
    static byte[] transcript(byte[] prologue) {
        return Blake2s.hash(INITIAL_CHAINING_KEY, prologue);
    }

    private SymmetricState(SymmetricState other) {
        chainingKey = other.chainingKey.clone();
        hash = other.hash.clone();
        System.arraycopy(other.key, 0, key, 0, key.length);
    }

    SymmetricState copy() {
        return new SymmetricState(this);
    }

    void mixHash(byte[] data) {
        hash = Blake2s.hash(hash, data);
    }

    /** Token {@code e}: with a preshared key the ephemeral also enters the chaining key. */
    void mixEphemeral(byte[] public32) {
        mixHash(public32);
        Blake2s.kdf(chainingKey, public32, chainingKey);
    }

    /** A Diffie-Hellman token. */
    void mixKey(byte[] secret32) {
        Blake2s.kdf(chainingKey, secret32, chainingKey, key);
    }

    /** Token {@code psk}. */
    void mixKeyAndHash(byte[] presharedKey32) {
        byte[] temporary = new byte[Blake2s.HASH_BYTES];
        Blake2s.kdf(chainingKey, presharedKey32, chainingKey, temporary, key);
        mixHash(temporary);
        Arrays.fill(temporary, (byte) 0);
    }

    /** Writes {@code plain.length + 16} bytes. */
    void encryptAndHash(byte[] plain, byte[] out, int outOffset) {
        HandshakeAead.seal(key, ZERO_NONCE, hash, plain, 0, plain.length, out, outOffset);
        mixHash(Arrays.copyOfRange(out, outOffset, outOffset + plain.length + 16));
    }

    /** Fills {@code plain} from {@code plain.length + 16} bytes; false when the tag is wrong. */
    boolean decryptAndHash(byte[] in, int inOffset, byte[] plain) {
        int length = plain.length + HandshakeAead.TAG_BYTES;
        if (!HandshakeAead.open(key, ZERO_NONCE, hash, in, inOffset, length, plain, 0)) {
            return false;
        }
        mixHash(Arrays.copyOfRange(in, inOffset, inOffset + length));
        return true;
    }

    /** The initiator's sending key, then the responder's. */
    void split(byte[] initiatorKey32, byte[] responderKey32) {
        Blake2s.kdf(chainingKey, new byte[0], initiatorKey32, responderKey32);
    }

    void zero() {
        Arrays.fill(chainingKey, (byte) 0);
        Arrays.fill(hash, (byte) 0);
        Arrays.fill(key, (byte) 0);
    }
}

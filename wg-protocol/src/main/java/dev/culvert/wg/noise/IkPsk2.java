package dev.culvert.wg.noise;

import dev.culvert.wg.x25519.X25519;
import dev.culvert.wg.x25519.X25519Key;
import java.util.Arrays;

/**
 * The two messages of the pattern IKpsk2 (Noise §7.5, §9), for any prologue and payload:
 *
 * <pre>
 *   &lt;- s
 *   ...
 *   -&gt; e, es, s, ss, payload      | ephemeral 32 | static 32+16 | payload n+16 |
 *   &lt;- e, ee, se, psk, payload    | ephemeral 32 | payload n+16 |
 * </pre>
 *
 * {@link Handshake} frames them as WireGuard messages. Every method returns false on an all-zero
 * shared secret or a wrong tag; the state is spoilt then.
 */
final class IkPsk2 {
    static final int STATIC_OFFSET = 32;
    static final int FIRST_PAYLOAD_OFFSET = 80;
    static final int SECOND_PAYLOAD_OFFSET = 32;

    private IkPsk2() {}

    static boolean writeFirst(
            SymmetricState state,
            X25519Key ephemeral,
            StaticIdentity self,
            byte[] remoteStatic,
            byte[] staticStatic,
            byte[] payload,
            byte[] out,
            int offset) {
        writeEphemeral(state, ephemeral, out, offset);
        if (!mixSharedSecret(state, ephemeral, remoteStatic)) {
            return false;
        }
        state.encryptAndHash(self.publicKey(), out, offset + STATIC_OFFSET);
        state.mixKey(staticStatic);
        state.encryptAndHash(payload, out, offset + FIRST_PAYLOAD_OFFSET);
        return true;
    }

    /** Tokens e, es, s of the first message: who claims to have sent it. */
    static boolean readFirstStatic(
            SymmetricState state,
            StaticIdentity self,
            byte[] in,
            int offset,
            byte[] remoteEphemeral,
            byte[] remoteStatic) {
        readEphemeral(state, in, offset, remoteEphemeral);
        byte[] secret = new byte[X25519.KEY_BYTES];
        if (!self.sharedSecret(remoteEphemeral, secret)) {
            return false;
        }
        mixAndZero(state, secret);
        return state.decryptAndHash(in, offset + STATIC_OFFSET, remoteStatic);
    }

    /** Token ss and the payload of the first message: now the sender is known. */
    static boolean readFirstPayload(
            SymmetricState state, byte[] staticStatic, byte[] in, int offset, byte[] payload) {
        state.mixKey(staticStatic);
        return state.decryptAndHash(in, offset, payload);
    }

    static boolean writeSecond(
            SymmetricState state,
            X25519Key ephemeral,
            byte[] remoteEphemeral,
            byte[] remoteStatic,
            byte[] presharedKey,
            byte[] payload,
            byte[] out,
            int offset) {
        writeEphemeral(state, ephemeral, out, offset);
        if (!mixSharedSecret(state, ephemeral, remoteEphemeral)
                || !mixSharedSecret(state, ephemeral, remoteStatic)) {
            return false;
        }
        state.mixKeyAndHash(presharedKey);
        state.encryptAndHash(payload, out, offset + SECOND_PAYLOAD_OFFSET);
        return true;
    }

    static boolean readSecond(
            SymmetricState state,
            X25519Key ephemeral,
            StaticIdentity self,
            byte[] presharedKey,
            byte[] in,
            int offset,
            byte[] payload) {
        byte[] remoteEphemeral = new byte[X25519.KEY_BYTES];
        readEphemeral(state, in, offset, remoteEphemeral);
        if (!mixSharedSecret(state, ephemeral, remoteEphemeral)) {
            return false;
        }
        byte[] secret = new byte[X25519.KEY_BYTES];
        if (!self.sharedSecret(remoteEphemeral, secret)) {
            return false;
        }
        mixAndZero(state, secret);
        state.mixKeyAndHash(presharedKey);
        return state.decryptAndHash(in, offset + SECOND_PAYLOAD_OFFSET, payload);
    }

    private static void writeEphemeral(
            SymmetricState state, X25519Key ephemeral, byte[] out, int offset) {
        byte[] ephemeralPublic = new byte[X25519.KEY_BYTES];
        ephemeral.publicKey(ephemeralPublic);
        System.arraycopy(ephemeralPublic, 0, out, offset, X25519.KEY_BYTES);
        state.mixEphemeral(ephemeralPublic);
    }

    private static void readEphemeral(
            SymmetricState state, byte[] in, int offset, byte[] remoteEphemeral) {
        System.arraycopy(in, offset, remoteEphemeral, 0, X25519.KEY_BYTES);
        state.mixEphemeral(remoteEphemeral);
    }

    private static boolean mixSharedSecret(SymmetricState state, X25519Key key, byte[] public32) {
        byte[] secret = new byte[X25519.KEY_BYTES];
        if (!key.sharedSecret(public32, secret)) {
            return false;
        }
        mixAndZero(state, secret);
        return true;
    }

    private static void mixAndZero(SymmetricState state, byte[] secret) {
        state.mixKey(secret);
        Arrays.fill(secret, (byte) 0);
    }
}

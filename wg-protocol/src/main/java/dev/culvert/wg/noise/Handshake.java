package dev.culvert.wg.noise;

import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.x25519.X25519;
import dev.culvert.wg.x25519.X25519Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The handshake with one peer (whitepaper §5.4.2 and §5.4.3), in both roles. At most one initiation
 * of our own is pending; initiations of the peer carry their state in {@link ReceivedInitiation}.
 * Owned by the home thread.
 *
 * <pre>
 *   initiation   | type 4 | sender 4 | ephemeral 32 | static 48 | timestamp 28 | mac1 16 | mac2 16 |
 *   response     | type 4 | sender 4 | receiver 4 | ephemeral 32 | empty 16 | mac1 16 | mac2 16 |
 * </pre>
 *
 * The two MACs are the concern of {@code cookie}: written as zero here, and not looked at.
 */
public final class Handshake {
    /** Bytes of a handshake initiation. */
    public static final int INITIATION_BYTES = 148;

    /** Bytes of a handshake response. */
    public static final int RESPONSE_BYTES = 92;

    private static final int SENDER_OFFSET = 4;
    private static final int RECEIVER_OFFSET = 8;
    private static final int INITIATION_NOISE_OFFSET = 8;
    private static final int RESPONSE_NOISE_OFFSET = 12;
    private static final int TIMESTAMP_BYTES = 12;
    private static final byte[] EMPTY = {};
    private static final VarHandle INT_LE =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] remoteStatic;
    private final byte[] presharedKey = new byte[32];
    private @Nullable StaticIdentity self;

    /** Null without an identity, and for a peer whose key is of low order. */
    private byte @Nullable [] staticStatic;

    @Nullable SymmetricState pending;
    @Nullable X25519Key pendingEphemeral;
    private int pendingIndex;

    /**
     * @param remoteStatic32 the peer's static public key, copied; low-order keys are accepted, but
     *     no handshake with them ever succeeds
     */
    public Handshake(byte[] remoteStatic32) {
        if (remoteStatic32.length != X25519.KEY_BYTES) {
            throw new IllegalArgumentException("a public key has 32 bytes");
        }
        remoteStatic = remoteStatic32.clone();
    }

    /** Counts from the next message on. All zero: none. Copied. */
    public void setPresharedKey(byte[] psk32) {
        System.arraycopy(psk32, 0, presharedKey, 0, presharedKey.length);
    }

    /**
     * Our own key pair, or null for none. Computes the static-static secret and drops a pending
     * initiation. The identity stays open for as long as it is set here.
     */
    public void setIdentity(@Nullable StaticIdentity identity) {
        clear();
        if (staticStatic != null) {
            Arrays.fill(staticStatic, (byte) 0);
            staticStatic = null;
        }
        self = identity;
        if (identity != null) {
            byte[] secret = new byte[X25519.KEY_BYTES];
            if (identity.sharedSecret(remoteStatic, secret)) {
                staticStatic = secret;
            }
        }
    }

    /**
     * Writes an initiation and remembers it as the pending one, in the place of an earlier one.
     *
     * @param random a cryptographic generator
     * @return false without an identity or when the peer's key is of low order
     */
    public boolean createInitiation(
            int senderIndex, byte[] tai64n12, RandomGenerator random, byte[] out148) {
        clear();
        StaticIdentity identity = self;
        byte[] secret = staticStatic;
        if (identity == null || secret == null) {
            return false;
        }
        SymmetricState state = newState(remoteStatic);
        X25519Key ephemeral = identity.newEphemeral(random);
        Arrays.fill(out148, 0, INITIATION_BYTES, (byte) 0);
        boolean written =
                IkPsk2.writeFirst(
                        state,
                        ephemeral,
                        identity,
                        remoteStatic,
                        secret,
                        tai64n12,
                        out148,
                        INITIATION_NOISE_OFFSET);
        if (!written) {
            state.zero();
            ephemeral.close();
            return false;
        }
        INT_LE.set(out148, 0, MessageType.INITIATION);
        INT_LE.set(out148, SENDER_OFFSET, senderIndex);
        pending = state;
        pendingEphemeral = ephemeral;
        pendingIndex = senderIndex;
        return true;
    }

    /**
     * Completes the pending initiation. A response that does not belong to it or is forged leaves
     * it pending.
     *
     * @return the session keys, or null
     */
    public @Nullable SessionKeys consumeResponse(byte[] in92) {
        SymmetricState initiated = pending;
        X25519Key ephemeral = pendingEphemeral;
        StaticIdentity identity = self;
        if (initiated == null
                || ephemeral == null
                || identity == null
                || in92.length < RESPONSE_BYTES
                || (int) INT_LE.get(in92, RECEIVER_OFFSET) != pendingIndex) {
            return null;
        }
        SymmetricState state = initiated.copy();
        try {
            if (!IkPsk2.readSecond(
                    state, ephemeral, identity, presharedKey, in92, RESPONSE_NOISE_OFFSET, EMPTY)) {
                return null;
            }
            int remoteIndex = (int) INT_LE.get(in92, SENDER_OFFSET);
            SessionKeys keys = sessionKeys(state, pendingIndex, remoteIndex, true);
            clear();
            return keys;
        } finally {
            state.zero();
        }
    }

    /**
     * Opens the sender's static key. Costs one X25519: check MAC1, load and rate first.
     *
     * @return null when the message is not for {@code self} or forged
     */
    public static @Nullable ReceivedInitiation consumeInitiation(
            StaticIdentity self, byte[] in148) {
        if (in148.length < INITIATION_BYTES) {
            return null;
        }
        SymmetricState state = newState(self.publicKey());
        byte[] remoteEphemeral = new byte[X25519.KEY_BYTES];
        byte[] remoteStatic = new byte[X25519.KEY_BYTES];
        if (!IkPsk2.readFirstStatic(
                state, self, in148, INITIATION_NOISE_OFFSET, remoteEphemeral, remoteStatic)) {
            state.zero();
            return null;
        }
        int payload = INITIATION_NOISE_OFFSET + IkPsk2.FIRST_PAYLOAD_OFFSET;
        return new ReceivedInitiation(
                state,
                remoteEphemeral,
                remoteStatic,
                Arrays.copyOfRange(
                        in148, payload, payload + TIMESTAMP_BYTES + HandshakeAead.TAG_BYTES),
                (int) INT_LE.get(in148, SENDER_OFFSET));
    }

    /**
     * Proves that the initiation is from this peer and opens its timestamp. Call it once.
     *
     * @return false when it is forged, of another peer, or this peer's key is of low order
     */
    public boolean openTimestamp(ReceivedInitiation initiation) {
        byte[] secret = staticStatic;
        return secret != null
                && initiation.isFrom(remoteStatic)
                && initiation.openTimestamp(secret);
    }

    /**
     * Answers an initiation whose timestamp was opened and accepted, and closes it. A pending
     * initiation of our own is left alone.
     *
     * @param random a cryptographic generator
     * @return the session keys, or null without an identity and when the initiator's ephemeral key
     *     is of low order
     */
    public @Nullable SessionKeys createResponse(
            ReceivedInitiation initiation, int senderIndex, RandomGenerator random, byte[] out92) {
        if (!initiation.isAuthenticated() || !initiation.isFrom(remoteStatic)) {
            throw new IllegalStateException("the timestamp has not been opened by this peer");
        }
        StaticIdentity identity = self;
        if (identity == null) {
            return null;
        }
        X25519Key ephemeral = identity.newEphemeral(random);
        Arrays.fill(out92, 0, RESPONSE_BYTES, (byte) 0);
        try (initiation) {
            if (!IkPsk2.writeSecond(
                    initiation.state,
                    ephemeral,
                    initiation.remoteEphemeral,
                    remoteStatic,
                    presharedKey,
                    EMPTY,
                    out92,
                    RESPONSE_NOISE_OFFSET)) {
                return null;
            }
            INT_LE.set(out92, 0, MessageType.RESPONSE);
            INT_LE.set(out92, SENDER_OFFSET, senderIndex);
            INT_LE.set(out92, RECEIVER_OFFSET, initiation.remoteIndex());
            return sessionKeys(initiation.state, senderIndex, initiation.remoteIndex(), false);
        } finally {
            ephemeral.close();
        }
    }

    /** Whether an initiation of ours waits for its response. */
    public boolean hasPendingInitiation() {
        return pending != null;
    }

    /** Drops a pending initiation and zeroes its ephemeral key, chaining key and hash. */
    public void clear() {
        if (pending != null) {
            pending.zero();
            pending = null;
        }
        if (pendingEphemeral != null) {
            pendingEphemeral.close();
            pendingEphemeral = null;
        }
        pendingIndex = 0;
    }

    /** For a removed peer: {@link #clear()}, and forgets preshared key and identity. */
    public void zero() {
        setIdentity(null);
        Arrays.fill(presharedKey, (byte) 0);
    }

    private static SymmetricState newState(byte[] responderStatic) {
        return new SymmetricState(SymmetricState.WIREGUARD_TRANSCRIPT, responderStatic);
    }

    private static SessionKeys sessionKeys(
            SymmetricState state, int localIndex, int remoteIndex, boolean initiator) {
        byte[] initiatorKey = new byte[32];
        byte[] responderKey = new byte[32];
        state.split(initiatorKey, responderKey);
        return initiator
                ? new SessionKeys(initiatorKey, responderKey, localIndex, remoteIndex, true)
                : new SessionKeys(responderKey, initiatorKey, localIndex, remoteIndex, false);
    }
}

package dev.culvert.wg.noise;

import java.util.Arrays;

/**
 * What a completed handshake gives: the two transport keys (whitepaper §5.4.5) and the two indices.
 * The caller hands the keys to an AEAD and then calls {@link #zero()}.
 */
public final class SessionKeys {
    private final byte[] sendKey;
    private final byte[] receiveKey;
    private final int localIndex;
    private final int remoteIndex;
    private final boolean initiator;

    SessionKeys(
            byte[] sendKey, byte[] receiveKey, int localIndex, int remoteIndex, boolean initiator) {
        this.sendKey = sendKey;
        this.receiveKey = receiveKey;
        this.localIndex = localIndex;
        this.remoteIndex = remoteIndex;
        this.initiator = initiator;
    }

    /** 32 bytes, not a copy: {@link #zero()} reaches them. */
    public byte[] sendKey() {
        return sendKey;
    }

    /** 32 bytes, not a copy: {@link #zero()} reaches them. */
    public byte[] receiveKey() {
        return receiveKey;
    }

    /** The index that this side chose and the other sends. */
    public int localIndex() {
        return localIndex;
    }

    /** The index that the other side chose and this one sends. */
    public int remoteIndex() {
        return remoteIndex;
    }

    /** Whether this side began the handshake. */
    public boolean initiator() {
        return initiator;
    }

    /** Zeroes both keys. */
    public void zero() {
        Arrays.fill(sendKey, (byte) 0);
        Arrays.fill(receiveKey, (byte) 0);
    }

    /** Never a key. */
    @Override
    public String toString() {
        return "SessionKeys[localIndex=" + Integer.toHexString(localIndex) + "]";
    }
}

package dev.culvert.wg.noise;

import java.util.Arrays;

/**
 * An initiation as the responder has opened it so far: first the sender's static key ({@link
 * Handshake#consumeInitiation}), then, with that peer's {@link Handshake}, the timestamp, then it
 * is answered. Close it on every path: that zeroes its state.
 */
public final class ReceivedInitiation implements AutoCloseable {
    final SymmetricState state;
    final byte[] remoteEphemeral;
    private final byte[] encryptedTimestamp;
    private final byte[] remoteStatic;
    private final byte[] timestamp = new byte[12];
    private final int remoteIndex;
    private boolean timestampOpened;

    ReceivedInitiation(
            SymmetricState state,
            byte[] remoteEphemeral,
            byte[] remoteStatic,
            byte[] encryptedTimestamp,
            int remoteIndex) {
        this.state = state;
        this.remoteEphemeral = remoteEphemeral;
        this.remoteStatic = remoteStatic;
        this.encryptedTimestamp = encryptedTimestamp;
        this.remoteIndex = remoteIndex;
    }

    /** The static public key that the sender claims; proven only once the timestamp is opened. */
    public byte[] remoteStatic() {
        return remoteStatic.clone();
    }

    /** The sender's index. */
    public int remoteIndex() {
        return remoteIndex;
    }

    /**
     * The TAI64N timestamp.
     *
     * @throws IllegalStateException before {@link Handshake#openTimestamp} returned true
     */
    public byte[] timestamp() {
        if (!timestampOpened) {
            throw new IllegalStateException("the timestamp has not been opened");
        }
        return timestamp.clone();
    }

    boolean openTimestamp(byte[] staticStatic) {
        timestampOpened =
                IkPsk2.readFirstPayload(state, staticStatic, encryptedTimestamp, 0, timestamp);
        return timestampOpened;
    }

    boolean isAuthenticated() {
        return timestampOpened;
    }

    boolean isFrom(byte[] static32) {
        return Arrays.equals(remoteStatic, static32);
    }

    /** Zeroes the handshake state. */
    @Override
    public void close() {
        state.zero();
        timestampOpened = false;
    }
}

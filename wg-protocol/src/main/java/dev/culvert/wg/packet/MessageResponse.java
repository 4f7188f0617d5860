package dev.culvert.wg.packet;

/**
 * Handshake response, second and last message of a handshake (whitepaper §5.4.3).
 *
 * <pre>
 *   0 | type = 2 (1 byte), reserved (3 bytes, zero)
 *   4 | sender index (4, little-endian)
 *   8 | receiver index (4, little-endian)
 *  12 | unencrypted ephemeral (32)
 *  44 | encrypted nothing (16 tag)
 *  60 | mac1 (16)
 *  76 | mac2 (16)
 *  92 | end
 * </pre>
 */
public final class MessageResponse {
    /** The responder's index for the session. */
    public static final int SENDER_OFFSET = 4;

    /** The initiator's index, from the initiation. */
    public static final int RECEIVER_OFFSET = 8;

    /** The responder's ephemeral public key. */
    public static final int EPHEMERAL_OFFSET = 12;

    /** The tag over nothing. */
    public static final int EMPTY_OFFSET = 44;

    /** First MAC, keyed by the receiver's public key; covers all bytes before it. */
    public static final int MAC1_OFFSET = 60;

    /** Second MAC, keyed by a cookie, zero without one; covers all bytes before it. */
    public static final int MAC2_OFFSET = 76;

    /** Bytes of the whole message. */
    public static final int LENGTH = 92;

    private MessageResponse() {}

    /** The sender index of a message of {@link #LENGTH} bytes. */
    public static int senderIndex(byte[] message) {
        return LittleEndian.getInt(message, SENDER_OFFSET);
    }

    /** The receiver index of a message of {@link #LENGTH} bytes. */
    public static int receiverIndex(byte[] message) {
        return LittleEndian.getInt(message, RECEIVER_OFFSET);
    }
}

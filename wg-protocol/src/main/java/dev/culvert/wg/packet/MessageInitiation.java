package dev.culvert.wg.packet;

/**
 * Handshake initiation, first message of a handshake (whitepaper §5.4.2).
 *
 * <pre>
 *   0 | type = 1 (1 byte), reserved (3 bytes, zero)
 *   4 | sender index (4, little-endian)
 *   8 | unencrypted ephemeral (32)
 *  40 | encrypted static (32 + 16 tag)
 *  88 | encrypted timestamp (12 + 16 tag)
 * 116 | mac1 (16)
 * 132 | mac2 (16)
 * 148 | end
 * </pre>
 */
public final class MessageInitiation {
    /** The sender's index for the session to come. */
    public static final int SENDER_OFFSET = 4;

    /** The initiator's ephemeral public key. */
    public static final int EPHEMERAL_OFFSET = 8;

    /** The initiator's static public key, encrypted. */
    public static final int STATIC_OFFSET = 40;

    /** The TAI64N timestamp, encrypted. */
    public static final int TIMESTAMP_OFFSET = 88;

    /** First MAC, keyed by the receiver's public key; covers all bytes before it. */
    public static final int MAC1_OFFSET = 116;

    /** Second MAC, keyed by a cookie, zero without one; covers all bytes before it. */
    public static final int MAC2_OFFSET = 132;

    /** Bytes of the whole message. */
    public static final int LENGTH = 148;

    private MessageInitiation() {}

    /** The sender index of a message of {@link #LENGTH} bytes. */
    public static int senderIndex(byte[] message) {
        return LittleEndian.getInt(message, SENDER_OFFSET);
    }
}

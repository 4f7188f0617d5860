package dev.culvert.wg.packet;

/**
 * Cookie reply, sent under load instead of an answer (whitepaper §5.4.7).
 *
 * <pre>
 *   0 | type = 3 (1 byte), reserved (3 bytes, zero)
 *   4 | receiver index (4, little-endian)
 *   8 | nonce (24)
 *  32 | encrypted cookie (16 + 16 tag)
 *  64 | end
 * </pre>
 */
public final class MessageCookieReply {
    /** The sender index of the message that is answered. */
    public static final int RECEIVER_OFFSET = 4;

    /** Random nonce of XChaCha20-Poly1305. */
    public static final int NONCE_OFFSET = 8;

    /** The cookie, encrypted. */
    public static final int COOKIE_OFFSET = 32;

    /** Bytes of the whole message. */
    public static final int LENGTH = 64;

    private MessageCookieReply() {}

    /** The receiver index of a message of {@link #LENGTH} bytes. */
    public static int receiverIndex(byte[] message) {
        return LittleEndian.getInt(message, RECEIVER_OFFSET);
    }
}

package dev.culvert.wg.packet;

/** Message types: the first 32 bits of each message, little-endian (whitepaper §5.4). */
public final class MessageType {
    /** Handshake initiation, initiator to responder, 148 bytes. */
    public static final int INITIATION = 1;

    /** Handshake response, responder to initiator, 92 bytes. */
    public static final int RESPONSE = 2;

    /** Cookie reply, sent under load instead of an answer, 64 bytes. */
    public static final int COOKIE_REPLY = 3;

    /** Transport data, 32 bytes and the padded inner packet. */
    public static final int TRANSPORT = 4;

    private MessageType() {}
}

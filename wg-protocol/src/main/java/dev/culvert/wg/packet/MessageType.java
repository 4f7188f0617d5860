package dev.culvert.wg.packet;

import java.lang.foreign.MemorySegment;

/** Message types: the first 32 bits of each message, little-endian (whitepaper §5.4). */
public final class MessageType {
    /** No WireGuard message: unknown type, reserved bytes not zero, or a wrong length. */
    public static final int NONE = 0;

    /** Handshake initiation, initiator to responder, 148 bytes. */
    public static final int INITIATION = 1;

    /** Handshake response, responder to initiator, 92 bytes. */
    public static final int RESPONSE = 2;

    /** Cookie reply, sent under load instead of an answer, 64 bytes. */
    public static final int COOKIE_REPLY = 3;

    /** Transport data, 32 bytes and the padded inner packet. */
    public static final int TRANSPORT = 4;

    private MessageType() {}

    /**
     * The type of the message at {@code offset}, when its length is right for that type too.
     *
     * @param length bytes that were received, also 0
     * @return one of the constants, {@link #NONE} for everything else
     */
    public static int of(MemorySegment buf, long offset, int length) {
        return length < Integer.BYTES ? NONE : of(buf.get(LittleEndian.INT, offset), length);
    }

    /** As {@link #of(MemorySegment, long, int)}, for a message in an array. */
    public static int of(byte[] message, int length) {
        return length < Integer.BYTES || length > message.length
                ? NONE
                : of(LittleEndian.getInt(message, 0), length);
    }

    private static int of(int type, int length) {
        boolean lengthIsRight =
                switch (type) {
                    case TRANSPORT -> length >= MessageTransport.OVERHEAD;
                    case INITIATION -> length == MessageInitiation.LENGTH;
                    case RESPONSE -> length == MessageResponse.LENGTH;
                    case COOKIE_REPLY -> length == MessageCookieReply.LENGTH;
                    default -> false;
                };
        return lengthIsRight ? type : NONE;
    }
}

package dev.culvert.wg.packet;

import java.lang.foreign.MemorySegment;

/**
 * Transport data message (whitepaper §5.4.6). Accessors need {@link #HEADER_LENGTH} readable bytes
 * at the offset and never fail then; {@link MessageType#of} has checked that.
 *
 * <pre>
 *   0 | type = 4 (1 byte), reserved (3 bytes, zero)
 *   4 | receiver index (4, little-endian)
 *   8 | counter (8, little-endian)
 *  16 | encrypted inner packet (n, padded to 16) + 16 tag
 * </pre>
 */
public final class MessageTransport {
    /** The receiver's index for the session. */
    public static final int RECEIVER_OFFSET = 4;

    /** The nonce counter, unsigned. */
    public static final int COUNTER_OFFSET = 8;

    /** Where ciphertext begins, and after opening in place the inner packet. */
    public static final int PAYLOAD_OFFSET = 16;

    /** Bytes before the ciphertext. */
    public static final int HEADER_LENGTH = 16;

    /** Bytes that a message has beyond its padded inner packet: header and tag. */
    public static final int OVERHEAD = 32;

    /** Bytes of a keepalive, the message with an empty inner packet. */
    public static final int KEEPALIVE_LENGTH = OVERHEAD;

    private MessageTransport() {}

    /** The receiver index. */
    public static int receiverIndex(MemorySegment buf, long offset) {
        return buf.get(LittleEndian.INT, offset + RECEIVER_OFFSET);
    }

    /** The counter, to be read as unsigned. */
    public static long counter(MemorySegment buf, long offset) {
        return buf.get(LittleEndian.LONG, offset + COUNTER_OFFSET);
    }

    /** Writes the {@link #HEADER_LENGTH} bytes of the header. */
    public static void writeHeader(
            MemorySegment buf, long offset, int receiverIndex, long counter) {
        buf.set(LittleEndian.INT, offset, MessageType.TRANSPORT);
        buf.set(LittleEndian.INT, offset + RECEIVER_OFFSET, receiverIndex);
        buf.set(LittleEndian.LONG, offset + COUNTER_OFFSET, counter);
    }
}

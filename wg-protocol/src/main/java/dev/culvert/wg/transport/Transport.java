package dev.culvert.wg.transport;

import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageTransport;
import java.lang.foreign.MemorySegment;

/** Seals and opens transport data messages. Any thread, while it holds the keypair. */
public final class Transport {
    private static final int PADDING_MULTIPLE = 16;

    private Transport() {}

    /**
     * Bytes of an inner packet with its padding: the next multiple of 16, but never beyond the MTU
     * (whitepaper §5.4.6).
     *
     * @param length bytes of the packet, 0 for a keepalive
     * @param mtu of the TUN device
     */
    public static int paddedLength(int length, int mtu) {
        int padded = (length + PADDING_MULTIPLE - 1) & -PADDING_MULTIPLE;
        return Math.max(length, Math.min(padded, mtu));
    }

    /**
     * Writes a whole message: header, ciphertext, tag.
     *
     * @param counter reserved from {@code keypair}, used once
     * @param src the inner packet with zeroed padding; disjoint from the message, or lying exactly
     *     where its ciphertext will be ({@code dstOffset + 16})
     * @return bytes of the message, {@code paddedLength + 32}
     */
    public static int seal(
            Keypair keypair,
            AeadKey key,
            long counter,
            MemorySegment src,
            long srcOffset,
            int paddedLength,
            MemorySegment dst,
            long dstOffset) {
        MessageTransport.writeHeader(dst, dstOffset, keypair.remoteIndex(), counter);
        long payloadOffset = dstOffset + MessageTransport.PAYLOAD_OFFSET;
        key.seal(counter, src, srcOffset, paddedLength, dst, payloadOffset);
        return paddedLength + MessageTransport.OVERHEAD;
    }

    /**
     * Authenticates and decrypts a message in place, and marks its counter as received. The inner
     * packet then stands at {@code offset + 16}, with its padding.
     *
     * @param length bytes of the whole message, at least 32
     * @return bytes of the padded inner packet, 0 for a keepalive, or a negative {@link
     *     DropReason#code()}; the buffer then holds rubbish
     */
    public static int open(
            Keypair keypair, AeadKey key, MemorySegment buf, long offset, int length) {
        long counter = MessageTransport.counter(buf, offset);
        if (Long.compareUnsigned(counter, Keypair.REJECT_AFTER_MESSAGES) >= 0) {
            return DropReason.COUNTER_EXHAUSTED.code();
        }
        if (!keypair.replay().check(counter)) {
            return DropReason.COUNTER_REPLAYED.code();
        }
        long payloadOffset = offset + MessageTransport.PAYLOAD_OFFSET;
        int sealedLength = length - MessageTransport.HEADER_LENGTH;
        int opened = key.open(counter, buf, payloadOffset, sealedLength, buf, payloadOffset);
        if (opened < 0) {
            return DropReason.BAD_TAG.code();
        }
        // Again, and marked only now: an unauthenticated packet must not move the window.
        return keypair.replay().update(counter) ? opened : DropReason.COUNTER_REPLAYED.code();
    }
}

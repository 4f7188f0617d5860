package dev.culvert.wg.allowedips;

import java.nio.ByteBuffer;

/**
 * A prefix of IPv4 or IPv6 addresses. The address is a number of 128 bits; an IPv4 address takes
 * the upper 32 of them.
 *
 * @param ipv4 the family
 * @param hi upper 64 bits, host bits zero
 * @param lo lower 64 bits, host bits zero
 * @param length 0..32 or 0..128
 */
public record Prefix(boolean ipv4, long hi, long lo, int length) {
    /** Zeroes host bits. */
    public Prefix {
        if (length < 0 || length > (ipv4 ? Integer.SIZE : 2 * Long.SIZE)) {
            throw new IllegalArgumentException("no such prefix length: " + length);
        }
        hi &= Bits.maskHi(length);
        lo &= Bits.maskLo(length);
    }

    /** The prefix of an address of 4 or 16 bytes in network order. */
    public static Prefix of(byte[] address, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return switch (address.length) {
            case 4 -> new Prefix(true, (long) bytes.getInt() << Integer.SIZE, 0, length);
            case 16 -> new Prefix(false, bytes.getLong(), bytes.getLong(), length);
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes");
        };
    }

    /** The address in network order, 4 or 16 bytes. */
    public byte[] address() {
        return ipv4
                ? ByteBuffer.allocate(4).putInt((int) (hi >>> Integer.SIZE)).array()
                : ByteBuffer.allocate(16).putLong(hi).putLong(lo).array();
    }
}

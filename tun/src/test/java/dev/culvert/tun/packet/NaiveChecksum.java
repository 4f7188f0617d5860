package dev.culvert.tun.packet;

/** The Internet checksum as RFC 1071 describes it, one word after the other. */
public final class NaiveChecksum {
    private NaiveChecksum() {}

    /** The value of the checksum field over all these bytes, one part after the other. */
    public static int of(byte[]... parts) {
        return ~sum(parts) & 0xffff;
    }

    /** The folded sum; every part but the last has an even length. */
    public static int sum(byte[]... parts) {
        int sum = 0;
        for (byte[] part : parts) {
            for (int i = 0; i < part.length; i += 2) {
                int low = i + 1 < part.length ? part[i + 1] & 0xff : 0;
                sum += (part[i] & 0xff) << 8 | low;
                if (sum > 0xffff) {
                    sum -= 0xffff;
                }
            }
        }
        return sum;
    }
}

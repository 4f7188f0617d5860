package dev.culvert.wg.uapi;

import org.jspecify.annotations.Nullable;

/** IP addresses as text: the strict forms of RFC 4291 §2.2 read, those of RFC 5952 written. */
final class AddressText {
    private AddressText() {}

    /** 4 or 16 bytes, or null. */
    static byte @Nullable [] parse(byte[] buf, int start, int end) {
        for (int i = start; i < end; i++) {
            if (buf[i] == ':') {
                return parse6(buf, start, end);
            }
        }
        return parse4(buf, start, end);
    }

    /** Four decimal numbers without leading zeros, or null. */
    static byte @Nullable [] parse4(byte[] buf, int start, int end) {
        byte[] address = new byte[4];
        return parse4(buf, start, end, address, 0) ? address : null;
    }

    private static boolean parse4(byte[] buf, int start, int end, byte[] out, int outOffset) {
        int part = 0;
        int partStart = start;
        int number = 0;
        for (int i = start; i <= end; i++) {
            if (i == end || buf[i] == '.') {
                int digits = i - partStart;
                boolean leadingZero = digits > 1 && buf[partStart] == '0';
                if (digits == 0 || digits > 3 || leadingZero || number > 255 || part == 4) {
                    return false;
                }
                out[outOffset + part++] = (byte) number;
                partStart = i + 1;
                number = 0;
            } else {
                int digit = buf[i] - '0';
                if (digit < 0 || digit > 9 || i - partStart > 2) {
                    return false;
                }
                number = number * 10 + digit;
            }
        }
        return part == 4;
    }

    /** Eight groups, one run of which may be "::", the last two of which may be an IPv4 address. */
    static byte @Nullable [] parse6(byte[] buf, int start, int end) {
        byte[] address = new byte[16];
        int filled = 0;
        int gap = -1;
        int i = start;
        if (end - start >= 2 && buf[i] == ':' && buf[i + 1] == ':') {
            gap = 0;
            i += 2;
        }
        while (i < end) {
            if (filled == 16) {
                return null;
            }
            int groupEnd = i;
            while (groupEnd < end && buf[groupEnd] != ':' && buf[groupEnd] != '.') {
                groupEnd++;
            }
            if (groupEnd < end && buf[groupEnd] == '.') {
                if (filled > 12 || !parse4(buf, i, end, address, filled)) {
                    return null;
                }
                filled += 4;
                break;
            }
            int group = group(buf, i, groupEnd);
            if (group < 0) {
                return null;
            }
            address[filled++] = (byte) (group >> 8);
            address[filled++] = (byte) group;
            i = groupEnd + 1;
            if (groupEnd == end) {
                break;
            }
            if (i == end) {
                return null; // ends with a single colon
            }
            if (buf[i] == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = filled;
                i++;
            }
        }
        return spread(address, filled, gap);
    }

    /** Moves what stands behind the "::" to the end. */
    private static byte @Nullable [] spread(byte[] address, int filled, int gap) {
        if (gap < 0) {
            return filled == 16 ? address : null;
        }
        if (filled == 16) {
            return null;
        }
        int behind = filled - gap;
        System.arraycopy(address, gap, address, 16 - behind, behind);
        for (int i = gap; i < 16 - behind; i++) {
            address[i] = 0;
        }
        return address;
    }

    private static int group(byte[] buf, int start, int end) {
        if (start == end || end - start > 4) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = Character.digit(buf[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    /** Appends 4 or 16 bytes as text. */
    static void append(StringBuilder out, byte[] address) {
        if (address.length == 4) {
            out.append(address[0] & 0xff).append('.').append(address[1] & 0xff).append('.');
            out.append(address[2] & 0xff).append('.').append(address[3] & 0xff);
        } else {
            append6(out, address);
        }
    }

    private static void append6(StringBuilder out, byte[] address) {
        int gap = -1;
        int gapGroups = 1; // a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && address[2 * (i + run)] == 0 && address[2 * (i + run) + 1] == 0) {
                run++;
            }
            if (run > gapGroups) {
                gap = i;
                gapGroups = run;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                out.append("::");
                i += gapGroups - 1;
                continue;
            }
            if (i > 0 && i != gap + gapGroups) {
                out.append(':');
            }
            int group = ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff);
            out.append(Integer.toHexString(group));
        }
    }
}

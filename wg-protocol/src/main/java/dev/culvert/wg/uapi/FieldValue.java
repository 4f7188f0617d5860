package dev.culvert.wg.uapi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The value of a {@code key=value} line, {@code buf[start..end)}, read strictly: no blanks. */
@SuppressWarnings("ArrayRecordComponent") // A view for the length of one call.
record FieldValue(byte[] buf, int start, int end) {
    private static final int KEY_BYTES = 32;

    boolean isTrue() {
        return end - start == 4
                && buf[start] == 't'
                && buf[start + 1] == 'r'
                && buf[start + 2] == 'u'
                && buf[start + 3] == 'e';
    }

    /** A decimal number of 0..max, or -1. */
    long decimal(long max) {
        if (start == end) {
            return -1;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = buf[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
            if (number > max) {
                return -1;
            }
        }
        return number;
    }

    /** 32 bytes of 64 hex digits, or null. Without branches or table look-ups on the digits. */
    byte @Nullable [] key() {
        if (end - start != 2 * KEY_BYTES) {
            return null;
        }
        byte[] key = new byte[KEY_BYTES];
        int wrong = 0;
        for (int i = 0; i < KEY_BYTES; i++) {
            int high = hexDigit(buf[start + 2 * i]);
            int low = hexDigit(buf[start + 2 * i + 1]);
            wrong |= high | low;
            key[i] = (byte) ((high << 4) | (low & 0xf));
        }
        if (wrong < 0) {
            Arrays.fill(key, (byte) 0);
            return null;
        }
        return key;
    }

    /**
     * {@code ADDRESS/LENGTH}, with a minus in front to remove it; host bits are masked. Or null.
     */
    @Nullable AllowedIpChange allowedIp() {
        boolean remove = start < end && buf[start] == '-';
        int from = remove ? start + 1 : start;
        int slash = lastIndexOf('/', from);
        if (slash < 0) {
            return null;
        }
        byte[] address = AddressText.parse(buf, from, slash);
        if (address == null) {
            return null;
        }
        long prefixLength = new FieldValue(buf, slash + 1, end).decimal(address.length * 8L);
        if (prefixLength < 0) {
            return null;
        }
        mask(address, (int) prefixLength);
        return new AllowedIpChange(address, (int) prefixLength, remove);
    }

    /** {@code V4:PORT}, {@code [V6]:PORT} or {@code [V6%ZONE]:PORT}, or null. */
    @Nullable EndpointAddress endpoint() {
        int colon = lastIndexOf(':', start);
        if (colon < 0) {
            return null;
        }
        long port = new FieldValue(buf, colon + 1, end).decimal(0xffff);
        if (port < 0) {
            return null;
        }
        if (buf[start] != '[') {
            byte[] address = AddressText.parse4(buf, start, colon);
            return address == null ? null : new EndpointAddress(address, (int) port, "");
        }
        if (buf[colon - 1] != ']') {
            return null;
        }
        int close = colon - 1;
        int percent = lastIndexOf('%', start);
        if (percent < 0) {
            byte[] address = AddressText.parse6(buf, start + 1, close);
            return address == null ? null : new EndpointAddress(address, (int) port, "");
        }
        byte[] address = AddressText.parse6(buf, start + 1, percent);
        return address == null || !isZone(percent + 1, close)
                ? null
                : new EndpointAddress(address, (int) port, ascii(percent + 1, close));
    }

    /** The bounds of an interface name: 1..15 visible characters without a slash. */
    private boolean isZone(int from, int to) {
        for (int i = from; i < to; i++) {
            if (buf[i] <= ' ' || buf[i] == 0x7f || buf[i] == '/') {
                return false;
            }
        }
        return from < to && to - from < 16;
    }

    private String ascii(int from, int to) {
        return new String(buf, from, to - from, StandardCharsets.US_ASCII);
    }

    private int lastIndexOf(char wanted, int from) {
        for (int i = end - 1; i >= from; i--) {
            if (buf[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static void mask(byte[] address, int prefixLength) {
        for (int i = 0; i < address.length; i++) {
            int bits = Math.clamp(prefixLength - 8L * i, 0, 8);
            address[i] &= (byte) (0xff00 >> bits);
        }
    }

    /** 0..15, or a negative number for anything else. */
    private static int hexDigit(int c) {
        int digit = c - '0';
        int letter = (c & ~0x20) - 'A';
        int isDigit = ~(digit | (9 - digit)) >> 31;
        int isLetter = ~(letter | (5 - letter)) >> 31;
        return (digit & isDigit) | ((letter + 10) & isLetter) | ~(isDigit | isLetter);
    }
}

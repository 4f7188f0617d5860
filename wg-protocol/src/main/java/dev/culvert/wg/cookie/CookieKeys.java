package dev.culvert.wg.cookie;

import dev.culvert.wg.noise.Blake2s;
import java.nio.charset.StandardCharsets;

/**
 * The two keys that everyone derives from a responder's public key, and the places of the MACs: the
 * last 32 bytes of a handshake message are MAC1 and MAC2.
 *
 * <pre>
 *   cookie reply | type 4 | receiver 4 | nonce 24 | encrypted cookie 16+16 |
 * </pre>
 */
final class CookieKeys {
    static final int MAC_BYTES = Blake2s.MAC_BYTES;
    static final int MACS_BYTES = 2 * MAC_BYTES;
    static final int COOKIE_BYTES = 16;
    static final int RECEIVER_OFFSET = 4;
    static final int NONCE_OFFSET = 8;
    static final int COOKIE_OFFSET = 32;
    static final int REPLY_BYTES = 64;

    private static final byte[] LABEL_MAC1 = "mac1----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LABEL_COOKIE = "cookie--".getBytes(StandardCharsets.US_ASCII);

    private CookieKeys() {}

    static byte[] mac1Key(byte[] responderStatic) {
        return Blake2s.hash(LABEL_MAC1, responderStatic);
    }

    static byte[] cookieKey(byte[] responderStatic) {
        return Blake2s.hash(LABEL_COOKIE, responderStatic);
    }

    static int mac1Offset(int length) {
        return length - MACS_BYTES;
    }

    static int mac2Offset(int length) {
        return length - MAC_BYTES;
    }
}

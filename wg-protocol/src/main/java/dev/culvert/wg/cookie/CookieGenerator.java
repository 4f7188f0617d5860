package dev.culvert.wg.cookie;

import dev.culvert.wg.noise.Blake2s;
import dev.culvert.wg.noise.HandshakeAead;
import java.util.Arrays;

/**
 * The sender's side of cookies, one per peer: puts MAC1 on handshake messages to that peer, and
 * MAC2 while a cookie of that peer is at most 115 s old. Owned by the home thread.
 */
public final class CookieGenerator {
    /**
     * How long a cookie is used: the secret's lifetime less 5 s for the way, since a message under
     * an outdated cookie only earns another cookie reply.
     */
    public static final long COOKIE_LIFETIME_NS = 115_000_000_000L;

    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private final byte[] lastMac1 = new byte[CookieKeys.MAC_BYTES];
    private boolean awaitsReply;
    private final byte[] cookie = new byte[CookieKeys.COOKIE_BYTES];
    private boolean hasCookie;
    private long cookieSetNs;

    /**
     * @param remoteStatic32 the peer's static public key
     */
    public CookieGenerator(byte[] remoteStatic32) {
        mac1Key = CookieKeys.mac1Key(remoteStatic32);
        cookieKey = CookieKeys.cookieKey(remoteStatic32);
    }

    /** Fills the last 32 bytes of {@code message[0..length)}. MAC2 is zero without a cookie. */
    public void addMacs(byte[] message, int length, long nowNs) {
        int mac1Offset = CookieKeys.mac1Offset(length);
        Blake2s.mac(mac1Key, message, mac1Offset, message, mac1Offset);
        System.arraycopy(message, mac1Offset, lastMac1, 0, lastMac1.length);
        awaitsReply = true;
        int mac2Offset = CookieKeys.mac2Offset(length);
        if (hasCookie && nowNs - cookieSetNs < COOKIE_LIFETIME_NS) {
            Blake2s.mac(cookie, message, mac2Offset, message, mac2Offset);
        } else {
            zero();
            Arrays.fill(message, mac2Offset, length, (byte) 0);
        }
    }

    /**
     * Takes the cookie of a reply to the message that last got its MACs here; one reply per message
     * counts.
     *
     * @return false when it is forged or unasked for
     */
    public boolean consumeReply(byte[] in64, long nowNs) {
        if (!awaitsReply || in64.length < CookieKeys.REPLY_BYTES) {
            return false;
        }
        byte[] nonce =
                Arrays.copyOfRange(in64, CookieKeys.NONCE_OFFSET, CookieKeys.NONCE_OFFSET + 24);
        byte[] opened = new byte[CookieKeys.COOKIE_BYTES];
        if (!HandshakeAead.open(
                cookieKey,
                nonce,
                lastMac1,
                in64,
                CookieKeys.COOKIE_OFFSET,
                CookieKeys.COOKIE_BYTES + HandshakeAead.TAG_BYTES,
                opened,
                0)) {
            return false;
        }
        System.arraycopy(opened, 0, cookie, 0, cookie.length);
        cookieSetNs = nowNs;
        hasCookie = true;
        awaitsReply = false;
        return true;
    }

    /** Forgets the cookie. */
    public void zero() {
        Arrays.fill(cookie, (byte) 0);
        hasCookie = false;
    }
}

package dev.culvert.wg.cookie;

import dev.culvert.wg.noise.Blake2s;
import dev.culvert.wg.noise.Blake2sMac;
import dev.culvert.wg.noise.HandshakeAead;
import dev.culvert.wg.packet.MessageType;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The responder's side of cookies: checks the MACs of incoming handshake messages and, under load,
 * answers with a cookie. The cookie covers address and port of the sender and holds as long as the
 * secret behind it, which changes every 120 s. Owned by the home thread.
 */
public final class CookieChecker {
    /** Age at which the cookie secret is replaced. */
    public static final long SECRET_LIFETIME_NS = 120_000_000_000L;

    private @Nullable Blake2sMac mac1;
    private final byte[] expectedMac = new byte[CookieKeys.MAC_BYTES];
    private final byte[] actualMac = new byte[CookieKeys.MAC_BYTES];
    private byte @Nullable [] cookieKey;
    private final byte[] secret = new byte[32];
    private boolean hasSecret;
    private long secretSetNs;

    /** A checker without an identity: every check fails. */
    public CookieChecker() {}

    /** Our own static public key, or null while there is none: then every check fails. */
    public void setIdentity(byte @Nullable [] public32) {
        mac1 = public32 == null ? null : new Blake2sMac(CookieKeys.mac1Key(public32));
        cookieKey = public32 == null ? null : CookieKeys.cookieKey(public32);
    }

    /**
     * Whether the sender knows our public key. The first check of every handshake message, which a
     * flood pays with: it allocates nothing, and takes the same time for every wrong MAC.
     */
    public boolean checkMac1(byte[] message, int length) {
        if (mac1 == null || length < CookieKeys.MACS_BYTES) {
            return false;
        }
        int offset = CookieKeys.mac1Offset(length);
        mac1.compute(message, offset, expectedMac);
        return isExpected(message, offset);
    }

    /**
     * Whether the sender received a cookie of ours at this address and port.
     *
     * @param sourceAddress 4 or 16 bytes
     */
    public boolean checkMac2(
            byte[] message, int length, byte[] sourceAddress, int port, long nowNs) {
        if (mac1 == null || length < CookieKeys.MACS_BYTES || !secretIsFresh(nowNs)) {
            return false;
        }
        byte[] cookie = cookie(sourceAddress, port);
        int offset = CookieKeys.mac2Offset(length);
        Blake2s.mac(cookie, message, offset, expectedMac, 0);
        return isExpected(message, offset);
    }

    /** Whether the expected MAC stands there; in constant time. */
    private boolean isExpected(byte[] message, int macOffset) {
        System.arraycopy(message, macOffset, actualMac, 0, CookieKeys.MAC_BYTES);
        return MessageDigest.isEqual(expectedMac, actualMac);
    }

    /**
     * Writes a cookie reply to a message whose MAC1 was right.
     *
     * @param receiverIndex the sender index of {@code message}
     * @param random a cryptographic generator
     * @throws IllegalStateException without an identity
     */
    public void createReply(
            byte[] message,
            int length,
            int receiverIndex,
            byte[] sourceAddress,
            int port,
            RandomGenerator random,
            long nowNs,
            byte[] out64) {
        if (cookieKey == null) {
            throw new IllegalStateException("a cookie reply needs an identity");
        }
        if (!secretIsFresh(nowNs)) {
            random.nextBytes(secret);
            secretSetNs = nowNs;
            hasSecret = true;
        }
        byte[] nonce = new byte[HandshakeAead.XNONCE_BYTES];
        random.nextBytes(nonce);
        Arrays.fill(out64, 0, CookieKeys.NONCE_OFFSET, (byte) 0);
        out64[0] = MessageType.COOKIE_REPLY;
        for (int i = 0; i < 4; i++) {
            out64[CookieKeys.RECEIVER_OFFSET + i] = (byte) (receiverIndex >>> (8 * i));
        }
        System.arraycopy(nonce, 0, out64, CookieKeys.NONCE_OFFSET, nonce.length);
        HandshakeAead.seal(
                cookieKey,
                nonce,
                mac1(message, length),
                cookie(sourceAddress, port),
                0,
                CookieKeys.COOKIE_BYTES,
                out64,
                CookieKeys.COOKIE_OFFSET);
    }

    /** Zeroes the cookie secret: every cookie given out so far is void. */
    public void zero() {
        Arrays.fill(secret, (byte) 0);
        hasSecret = false;
    }

    private boolean secretIsFresh(long nowNs) {
        return hasSecret && nowNs - secretSetNs < SECRET_LIFETIME_NS;
    }

    private byte[] cookie(byte[] sourceAddress, int port) {
        byte[] source = Arrays.copyOf(sourceAddress, sourceAddress.length + 2);
        source[sourceAddress.length] = (byte) (port >>> 8);
        source[sourceAddress.length + 1] = (byte) port;
        byte[] cookie = new byte[CookieKeys.COOKIE_BYTES];
        Blake2s.mac(secret, source, source.length, cookie, 0);
        return cookie;
    }

    private static byte[] mac1(byte[] message, int length) {
        int offset = CookieKeys.mac1Offset(length);
        return Arrays.copyOfRange(message, offset, offset + CookieKeys.MAC_BYTES);
    }
}

package dev.culvert.wg.device;

import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.tai64n.Tai64n;
import dev.culvert.wg.timers.Timeouts;
import dev.culvert.wg.timers.Timer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What only the home thread knows of a peer. */
final class DevicePeer {
    final Peer peer;
    final CookieGenerator cookies;
    final Keypairs keypairs;
    final Timer<DevicePeer> retransmit = new Timer<>(this, Timer.Kind.RETRANSMIT_HANDSHAKE);
    final Timer<DevicePeer> newHandshake = new Timer<>(this, Timer.Kind.NEW_HANDSHAKE);
    final Timer<DevicePeer> keepalive = new Timer<>(this, Timer.Kind.SEND_KEEPALIVE);
    final Timer<DevicePeer> persistentKeepalive =
            new Timer<>(this, Timer.Kind.PERSISTENT_KEEPALIVE);
    final Timer<DevicePeer> zeroKeys = new Timer<>(this, Timer.Kind.ZERO_KEYS);

    private final Handshake handshake;
    private @Nullable StaticIdentity handshakeIdentity;
    private byte @Nullable [] presharedKey;

    /** 0: off. */
    int persistentKeepaliveSeconds;

    /** Unix epoch; 0: never. */
    long lastHandshakeWallNs;

    // Our initiations.

    /** Reserved for the pending initiation; null: there is none. */
    @Nullable Integer pendingIndex;

    long lastInitiationNs;

    /** When the pending initiation is to be sent again. */
    long retryNs;

    /** Since when a session is wanted; later demand of data extends it. */
    long attemptNs;

    /** The time in the last timestamp, never going back. */
    private long lastStampWallNs = Long.MIN_VALUE;

    /** {@link dev.culvert.wg.peer.Traffic#firstUnansweredSentNs} that the timer stands for. */
    long answerAwaitedSinceNs;

    // The peer's initiations.

    /** Timestamp of the last accepted one. */
    private final byte[] latestTimestamp = new byte[Tai64n.BYTES];

    private long latestAcceptedNs;

    DevicePeer(byte[] publicKey, Peer peer, Keypairs keypairs, long nowNs) {
        this.peer = peer;
        this.keypairs = keypairs;
        this.handshake = new Handshake(publicKey);
        this.cookies = new CookieGenerator(publicKey);
        this.latestAcceptedNs = nowNs - Timeouts.INITIATION_INTERVAL_NS;
        allowInitiation(nowNs);
    }

    /**
     * The handshake under our present identity. The static-static secret of a new identity is
     * computed here, when it is needed, so that many peers are configured quickly.
     */
    Handshake handshake(StaticIdentity identity) {
        if (handshakeIdentity != identity) {
            handshake.setIdentity(identity);
            handshakeIdentity = identity;
        }
        return handshake;
    }

    /** Forgets a pending initiation and its ephemeral key. */
    void clearHandshake() {
        handshake.clear();
    }

    /** Forgets our identity, and with it the pending initiation. */
    void forgetIdentity() {
        handshake.setIdentity(null);
        handshakeIdentity = null;
    }

    /** Zeroes everything, for a removed peer. */
    void zero() {
        handshake.zero();
        handshakeIdentity = null;
        cookies.zero();
        setPresharedKey(new byte[32]);
    }

    /** Counts from the next handshake on; all zero: none. */
    void setPresharedKey(byte[] key) {
        handshake.setPresharedKey(key);
        if (presharedKey != null) {
            Arrays.fill(presharedKey, (byte) 0);
        }
        presharedKey = isZero(key) ? null : key.clone();
    }

    /** A copy; null: none. */
    byte @Nullable [] presharedKey() {
        return presharedKey == null ? null : presharedKey.clone();
    }

    /** Lets the next initiation go at this time, whenever the last one was. */
    void allowInitiation(long atNs) {
        lastInitiationNs = atNs - Timeouts.REKEY_TIMEOUT_NS;
    }

    /**
     * The timestamp for an initiation: greater than all before it, also when the wall clock was set
     * back, as the peer accepts no other.
     */
    byte[] nextTimestamp(long wallNs) {
        boolean clockMovedOn =
                lastStampWallNs == Long.MIN_VALUE
                        || wallNs - lastStampWallNs >= Tai64n.GRANULARITY_NS;
        lastStampWallNs = clockMovedOn ? wallNs : lastStampWallNs + Tai64n.GRANULARITY_NS;
        byte[] timestamp = new byte[Tai64n.BYTES];
        Tai64n.stamp(lastStampWallNs, timestamp);
        return timestamp;
    }

    boolean isReplay(byte[] timestamp) {
        return Tai64n.compare(timestamp, latestTimestamp) <= 0;
    }

    boolean isTooSoon(long nowNs) {
        return nowNs - latestAcceptedNs < Timeouts.INITIATION_INTERVAL_NS;
    }

    void accept(byte[] timestamp, long nowNs) {
        System.arraycopy(timestamp, 0, latestTimestamp, 0, latestTimestamp.length);
        latestAcceptedNs = nowNs;
    }

    private static boolean isZero(byte[] key) {
        int bits = 0;
        for (byte b : key) {
            bits |= b;
        }
        return bits == 0;
    }
}

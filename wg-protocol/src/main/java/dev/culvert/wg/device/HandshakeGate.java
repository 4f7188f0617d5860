package dev.culvert.wg.device;

import dev.culvert.wg.cookie.CookieChecker;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageCookieReply;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.ratelimiter.RateLimiter;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake message has to pass before it may cost a Diffie-Hellman computation: mac1
 * always; under load also mac2 and the rate of its source address (whitepaper §5.3).
 */
final class HandshakeGate {
    /** Load is taken to last this much longer than it was seen. */
    private static final long LOAD_STICKS_NS = 1_000_000_000L;

    private final DeviceState state;
    private final CookieChecker checker = new CookieChecker();
    private final RateLimiter rateLimiter;
    private boolean wasLoaded;
    private long lastLoadedNs;

    HandshakeGate(DeviceState state) {
        this.state = state;
        this.rateLimiter = new RateLimiter(state.random);
    }

    /** Our own public key; null: nothing passes. */
    void setIdentity(byte @Nullable [] publicKey) {
        checker.zero();
        checker.setIdentity(publicKey);
    }

    /**
     * Checks a message, and answers with a cookie reply what lacks nothing but mac2.
     *
     * @param senderIndex of the message
     * @return null: it may pass
     */
    @Nullable DropReason check(
            byte[] message,
            int length,
            int senderIndex,
            Endpoint from,
            boolean underLoad,
            long nowNs) {
        if (!checker.checkMac1(message, length)) {
            return DropReason.BAD_MAC1;
        }
        if (!isLoaded(underLoad, nowNs)) {
            return null;
        }
        byte[] address = from.address();
        if (!checker.checkMac2(message, length, address, from.port(), nowNs)) {
            byte[] reply = new byte[MessageCookieReply.LENGTH];
            checker.createReply(
                    message, length, senderIndex, address, from.port(), state.random, nowNs, reply);
            state.actions.add(new Action.SendMessage(from, reply));
            return DropReason.COOKIE_DEMANDED;
        }
        return rateLimiter.allow(address, nowNs) ? null : DropReason.RATE_LIMITED;
    }

    private boolean isLoaded(boolean underLoad, long nowNs) {
        if (underLoad) {
            wasLoaded = true;
            lastLoadedNs = nowNs;
        } else if (wasLoaded && nowNs - lastLoadedNs >= LOAD_STICKS_NS) {
            wasLoaded = false;
        }
        return wasLoaded;
    }
}

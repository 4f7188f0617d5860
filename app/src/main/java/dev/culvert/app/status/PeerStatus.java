package dev.culvert.app.status;

/**
 * A peer.
 *
 * @param endpoint empty: not known
 * @param connected it answers
 * @param handshakeAgeSeconds -1: there was none yet
 * @param handshakes completed since the start
 */
public record PeerStatus(
        String publicKey,
        String endpoint,
        boolean connected,
        long handshakeAgeSeconds,
        long handshakes,
        long rxBytes,
        long txBytes) {}

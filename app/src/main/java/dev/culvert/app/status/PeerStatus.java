package dev.culvert.app.status;

/**
 * A peer.
 *
 * @param endpoint empty: not known
 * @param connected it answers
 * @param handshakeAgeSeconds -1: there was none yet
 * @param handshakes completed since the start
 * @param rxBytes UDP payload, authentic
 * @param txBytes UDP payload
 * @param rxPackets datagrams, authentic
 * @param txPackets datagrams
 */
public record PeerStatus(
        String publicKey,
        String endpoint,
        boolean connected,
        long handshakeAgeSeconds,
        long handshakes,
        long rxBytes,
        long txBytes,
        long rxPackets,
        long txPackets) {}

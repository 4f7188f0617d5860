package dev.culvert.app.status;

/**
 * A peer.
 *
 * @param endpoint empty: not known
 * @param connected it answers
 * @param handshakeAgeSeconds -1: there was none yet
 * @param handshakes completed since the start; -1: not known
 * @param rxBytes UDP payload, authentic
 * @param txBytes UDP payload
 * @param rxPackets datagrams, authentic; -1: not known
 * @param txPackets datagrams; -1: not known
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

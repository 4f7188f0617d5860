package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer.
 *
 * @param presharedKey null: none
 * @param endpoint null: it is the peer that calls
 * @param allowedIps without host bits
 * @param persistentKeepaliveSeconds 0: off
 */
public record PeerConfig(
        PublicKey publicKey,
        @Nullable Secret presharedKey,
        @Nullable EndpointName endpoint,
        List<IpPrefix> allowedIps,
        int persistentKeepaliveSeconds) {
    /** Whether it is the peer that calls. */
    boolean calls() {
        return endpoint == null;
    }
}

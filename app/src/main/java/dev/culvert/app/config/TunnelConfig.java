package dev.culvert.app.config;

import java.util.List;

/**
 * A whole tunnel.
 *
 * @param source where it comes from, for messages: a path, or "environment"
 * @param notices what the user should know of, one line each
 */
public record TunnelConfig(
        String source,
        String interfaceName,
        InterfaceConfig local,
        List<PeerConfig> peers,
        List<String> notices)
        implements AutoCloseable {

    /** Zeroes the secrets. */
    @Override
    public void close() {
        local.privateKey().close();
        for (PeerConfig peer : peers) {
            Secret presharedKey = peer.presharedKey();
            if (presharedKey != null) {
                presharedKey.close();
            }
        }
    }
}

package dev.culvert.app.connection;

import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.TunnelConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * A configuration whose peers may be called for a while.
 *
 * @param mark of the packets that may go there
 * @param endpoints all addresses of each peer that has any
 */
public record Trial(
        TunnelConfig config, int mark, Map<PublicKey, List<InetSocketAddress>> endpoints)
        implements AutoCloseable {
    public Trial {
        endpoints = Map.copyOf(endpoints);
    }

    /** Zeroes the secrets. */
    @Override
    public void close() {
        config.close();
    }
}

package dev.culvert.app.status;

import dev.culvert.datapath.DatapathStatistics;
import java.util.List;

/**
 * A tunnel.
 *
 * @param source of its configuration
 * @param peers in the order of the configuration
 */
public record TunnelStatus(
        String interfaceName, String source, List<PeerStatus> peers, DatapathStatistics datapath) {
    public TunnelStatus {
        peers = List.copyOf(peers);
    }
}

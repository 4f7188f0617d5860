package dev.culvert.app.status;

import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.datapath.nat.NatStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel.
 *
 * @param source of its configuration
 * @param peers in the order of the configuration
 * @param nat null: no addresses are translated
 */
public record TunnelStatus(
        String interfaceName,
        String source,
        List<PeerStatus> peers,
        DatapathStatistics datapath,
        @Nullable NatStatistics nat) {
    public TunnelStatus {
        peers = List.copyOf(peers);
    }
}

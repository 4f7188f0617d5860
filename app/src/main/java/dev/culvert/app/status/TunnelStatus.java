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
 * @param datapath null: another process has it, which was asked by its UAPI socket
 * @param nat null: no addresses are translated
 */
public record TunnelStatus(
        String interfaceName,
        String source,
        List<PeerStatus> peers,
        @Nullable DatapathStatistics datapath,
        @Nullable NatStatistics nat) {
    public TunnelStatus {
        peers = List.copyOf(peers);
    }
}

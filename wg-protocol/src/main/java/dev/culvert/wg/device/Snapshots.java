package dev.culvert.wg.device;

import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.uapi.AllowedIp;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a peer, as the UAPI shows it. */
final class Snapshots {
    private Snapshots() {}

    static PeerSnapshot of(DevicePeer of, AllowedIps allowedIps) {
        Peer peer = of.peer;
        List<AllowedIp> prefixes =
                allowedIps.prefixes(peer).stream()
                        .map(prefix -> new AllowedIp(prefix.address(), prefix.length()))
                        .toList();
        return new PeerSnapshot(
                peer.publicKey(),
                of.presharedKey(),
                endpoint(peer.endpoint()),
                of.lastHandshakeWallNs,
                peer.txBytes(),
                peer.rxBytes(),
                peer.txPackets(),
                peer.rxPackets(),
                of.persistentKeepaliveSeconds,
                prefixes);
    }

    private static @Nullable EndpointAddress endpoint(@Nullable Endpoint endpoint) {
        return endpoint == null
                ? null
                : new EndpointAddress(endpoint.address(), endpoint.port(), endpoint.scope());
    }
}

package dev.culvert.app.relay;

import dev.culvert.app.config.EndpointName;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.routing.Ways;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** A tunnel in a tunnel can be called, and knows its MTU, once the outer one is there. */
final class OpeningOrder {
    private final Ways ways;

    OpeningOrder(Ways ways) {
        this.ways = ways;
    }

    /** The outer ones before those that they carry. */
    List<TunnelConfig> carriersFirst(List<TunnelConfig> tunnels) {
        List<TunnelConfig> left = new ArrayList<>(tunnels);
        List<TunnelConfig> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            TunnelConfig next =
                    left.stream()
                            .filter(tunnel ->
                                    left.stream().noneMatch(other -> carries(other, tunnel)))
                            .findFirst()
                            .orElse(left.getFirst());
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    /** Whether a peer of the inner one is reached through the outer one. */
    boolean carries(TunnelConfig outer, TunnelConfig inner) {
        for (PeerConfig peer : inner.peers()) {
            EndpointName endpoint = peer.endpoint();
            InetAddress address = endpoint == null ? null : endpoint.address();
            if (address != null
                    && ways.carrier(inner.interfaceName(), address)
                            .filter(outer.interfaceName()::equals)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }
}

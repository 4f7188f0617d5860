package dev.culvert.app.connection;

import dev.culvert.app.config.InterfaceConfig;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.Secret;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.wg.uapi.AllowedIpChange;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.PeerChange;
import dev.culvert.wg.uapi.UapiSet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A configuration as the engine takes it. The caller zeroes what these return. */
final class EngineChange {
    private static final byte[] NO_PRESHARED_KEY = new byte[Secret.BYTES];

    private EngineChange() {}

    /** For an engine that has nothing yet: all but the endpoints, so that nobody is called. */
    static UapiSet withoutEndpoints(TunnelConfig config, int mark) {
        InterfaceConfig local = config.local();
        return new UapiSet(
                local.privateKey().copy(),
                OptionalInt.of(local.listenPort().orElse(0)),
                OptionalLong.of(Integer.toUnsignedLong(mark)),
                true,
                config.peers().stream().map(peer -> peer(peer, null)).toList());
    }

    /**
     * From one to the next. Sockets are bound anew only if they have to be, and the sessions of
     * peers that stay live on.
     *
     * @param before its secrets are not asked for
     */
    static UapiSet between(
            TunnelConfig before,
            TunnelConfig after,
            Map<PublicKey, InetSocketAddress> endpointsBefore,
            Map<PublicKey, InetSocketAddress> endpointsAfter) {
        Set<PublicKey> staying = new HashSet<>();
        List<PeerChange> changes = new ArrayList<>();
        after.peers().forEach(peer -> staying.add(peer.publicKey()));
        for (PeerConfig peer : before.peers()) {
            if (!staying.contains(peer.publicKey())) {
                changes.add(removal(peer.publicKey()));
            }
        }
        for (PeerConfig peer : after.peers()) {
            InetSocketAddress endpoint = endpointsAfter.get(peer.publicKey());
            boolean moved =
                    endpoint != null && !endpoint.equals(endpointsBefore.get(peer.publicKey()));
            changes.add(peer(peer, moved ? endpoint : null));
        }
        boolean samePort = before.local().listenPort().equals(after.local().listenPort());
        return new UapiSet(
                after.local().privateKey().copy(),
                samePort
                        ? OptionalInt.empty()
                        : OptionalInt.of(after.local().listenPort().orElse(0)),
                OptionalLong.empty(),
                false,
                changes);
    }

    /** Where peers are called from now on. */
    static UapiSet endpoints(Map<PublicKey, InetSocketAddress> endpoints) {
        List<PeerChange> changes = new ArrayList<>();
        endpoints.forEach((peer, endpoint) ->
                changes.add(
                        new PeerChange(
                                peer.bytes(),
                                false,
                                true,
                                null,
                                address(endpoint),
                                OptionalInt.empty(),
                                false,
                                List.of())));
        return new UapiSet(null, OptionalInt.empty(), OptionalLong.empty(), false, changes);
    }

    private static PeerChange peer(PeerConfig peer, @Nullable InetSocketAddress endpoint) {
        Secret presharedKey = peer.presharedKey();
        return new PeerChange(
                peer.publicKey().bytes(),
                false,
                false,
                presharedKey == null
                        ? Arrays.copyOf(NO_PRESHARED_KEY, Secret.BYTES)
                        : presharedKey.copy(),
                endpoint == null ? null : address(endpoint),
                OptionalInt.of(peer.persistentKeepaliveSeconds()),
                true,
                peer.allowedIps().stream().map(EngineChange::allowedIp).toList());
    }

    private static PeerChange removal(PublicKey peer) {
        return new PeerChange(
                peer.bytes(), true, true, null, null, OptionalInt.empty(), false, List.of());
    }

    private static EndpointAddress address(InetSocketAddress endpoint) {
        return new EndpointAddress(endpoint.getAddress().getAddress(), endpoint.getPort(), "");
    }

    private static AllowedIpChange allowedIp(IpPrefix prefix) {
        return new AllowedIpChange(prefix.address().getAddress(), prefix.length(), false);
    }
}

package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A whole tunnel.
 *
 * @param source where it comes from, for messages: a path, or "environment"
 * @param notices what the user should know of, one line each
 * @param origins where the values stand
 */
public record TunnelConfig(
        String source,
        String interfaceName,
        InterfaceConfig local,
        List<PeerConfig> peers,
        List<String> notices,
        Origins origins)
        implements AutoCloseable {

    /** One whose values have no lines. */
    public TunnelConfig(
            String source,
            String interfaceName,
            InterfaceConfig local,
            List<PeerConfig> peers,
            List<String> notices) {
        this(source, interfaceName, local, peers, notices, Origins.of(source));
    }

    /** The same, with other names for where its values stand. */
    TunnelConfig with(Origins others) {
        return new TunnelConfig(source, interfaceName, local, peers, notices, others);
    }

    /** The same, and further notices ahead of its own. */
    TunnelConfig withNotices(List<String> further) {
        List<String> all = new ArrayList<>(further);
        all.addAll(notices);
        return new TunnelConfig(source, interfaceName, local, peers, List.copyOf(all), origins);
    }

    /** The port at which peers without an endpoint call; empty: none does. */
    public OptionalInt calledPort() {
        OptionalInt port = local.listenPort();
        boolean called = peers.isEmpty() || peers.stream().anyMatch(PeerConfig::calls);
        return called && port.orElse(0) != 0 ? port : OptionalInt.empty();
    }

    /** Whether there is no peer to be called: it waits for all of them. */
    public boolean isServer() {
        return peers.stream().allMatch(PeerConfig::calls) && local.listenPort().orElse(0) != 0;
    }

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

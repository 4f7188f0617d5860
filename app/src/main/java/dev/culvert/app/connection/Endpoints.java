package dev.culvert.app.connection;

import dev.culvert.app.config.EndpointName;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.killswitch.policy.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the peers are: their names' addresses, all of them, and which one is used. The addresses
 * stay pinned until they are resolved again.
 */
final class Endpoints {
    private final Map<PublicKey, List<InetSocketAddress>> addresses = new HashMap<>();
    private final Map<PublicKey, Integer> used = new HashMap<>();

    /** Whether a name is among the endpoints. */
    static boolean areNamed(TunnelConfig config) {
        return config.peers().stream()
                .map(PeerConfig::endpoint)
                .anyMatch(endpoint -> endpoint != null && endpoint.address() == null);
    }

    /**
     * Those of a whole configuration.
     *
     * @param known the addresses of all its names
     */
    static Endpoints of(TunnelConfig config, Map<String, List<InetAddress>> known) {
        Endpoints endpoints = new Endpoints();
        for (PeerConfig peer : config.peers()) {
            EndpointName name = peer.endpoint();
            if (name != null) {
                endpoints.addresses.put(peer.publicKey(), addresses(name, known));
                endpoints.used.put(peer.publicKey(), 0);
            }
        }
        return endpoints;
    }

    private static List<InetSocketAddress> addresses(
            EndpointName name, Map<String, List<InetAddress>> known) {
        InetAddress literal = name.address();
        List<InetAddress> found =
                literal == null ? known.getOrDefault(name.host(), List.of()) : List.of(literal);
        return found.stream().map(address -> new InetSocketAddress(address, name.port())).toList();
    }

    /** The same peers, found anew; where one was found before and is used, it stays in use. */
    Endpoints renewed(TunnelConfig config, Map<String, List<InetAddress>> known) {
        Endpoints renewed = of(config, known);
        used().forEach((peer, address) -> {
            List<InetSocketAddress> found = renewed.addresses.getOrDefault(peer, List.of());
            if (found.contains(address)) {
                renewed.used.put(peer, found.indexOf(address));
            }
        });
        return renewed;
    }

    /** The one address of each peer that is used. */
    Map<PublicKey, InetSocketAddress> used() {
        Map<PublicKey, InetSocketAddress> now = new HashMap<>();
        addresses.forEach((peer, known) -> {
            if (!known.isEmpty()) {
                now.put(peer, known.get(used.getOrDefault(peer, 0)));
            }
        });
        return now;
    }

    /** Whether a peer can be called. */
    boolean knows(PublicKey peer) {
        return addresses.containsKey(peer);
    }

    /** Whether a peer has more addresses than the one that is used. */
    boolean areSeveral() {
        return addresses.values().stream().anyMatch(known -> known.size() > 1);
    }

    /** Moves on to the next address of a peer. False: it was the last, and the first is next. */
    boolean advance(PublicKey peer) {
        int count = addresses.getOrDefault(peer, List.of()).size();
        int next = used.getOrDefault(peer, 0) + 1;
        used.put(peer, count == 0 ? 0 : next % count);
        return next < count;
    }

    /** All addresses of each peer. */
    Map<PublicKey, List<InetSocketAddress>> all() {
        Map<PublicKey, List<InetSocketAddress>> all = new HashMap<>();
        addresses.forEach((peer, known) -> all.put(peer, List.copyOf(known)));
        return all;
    }

    /** All that encrypted packets may go to. */
    Set<Endpoint> pinned() {
        Set<Endpoint> pinned = new HashSet<>();
        for (List<InetSocketAddress> known : addresses.values()) {
            known.forEach(at -> pinned.add(new Endpoint(at.getAddress(), at.getPort())));
        }
        return pinned;
    }

    /** The addresses alone. */
    Set<InetAddress> hosts() {
        Set<InetAddress> hosts = new HashSet<>();
        addresses.values().forEach(known -> known.forEach(at -> hosts.add(at.getAddress())));
        return hosts;
    }
}

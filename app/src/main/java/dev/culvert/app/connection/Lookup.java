package dev.culvert.app.connection;

import dev.culvert.app.config.EndpointName;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.dns.EndpointResolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for the names of a tunnel's endpoints on a thread of its own, so that the other tunnels need
 * not wait for servers that do not answer. The way to the servers is the caller's to open and to
 * close.
 */
final class Lookup {
    private final List<String> names;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    /** Either addresses or why there are none. */
    private record Answer(Map<String, List<InetAddress>> addresses, String problem) {}

    private Lookup(List<String> names) {
        this.names = names;
    }

    static Lookup start(TunnelConfig config, EndpointResolver resolver, List<InetAddress> servers) {
        Lookup lookup = new Lookup(names(config));
        Thread.ofPlatform()
                .daemon()
                .name("lookup")
                .start(() -> lookup.answer.complete(lookup.ask(resolver, servers)));
        return lookup;
    }

    private static List<String> names(TunnelConfig config) {
        List<String> names = new ArrayList<>();
        for (PeerConfig peer : config.peers()) {
            EndpointName endpoint = peer.endpoint();
            if (endpoint != null && endpoint.address() == null) {
                names.add(endpoint.host());
            }
        }
        return names;
    }

    private Answer ask(EndpointResolver resolver, List<InetAddress> servers) {
        try {
            Map<String, List<InetAddress>> found = new HashMap<>();
            for (String name : names) {
                found.put(name, resolver.resolve(name, servers));
            }
            return new Answer(found, "");
        } catch (EndpointResolver.UnresolvedException | RuntimeException unresolved) {
            return new Answer(Map.of(), String.valueOf(unresolved.getMessage()));
        }
    }

    boolean isDone() {
        return answer.isDone();
    }

    /** Whether it asks for the names of this configuration. */
    boolean isFor(TunnelConfig config) {
        return names.equals(names(config));
    }

    /**
     * The addresses by name; waits until it is done.
     *
     * @throws ConnectionException if one of the names has none
     */
    Map<String, List<InetAddress>> addresses() throws ConnectionException {
        Answer found = answer.join();
        if (!found.problem().isEmpty()) {
            throw new ConnectionException(found.problem());
        }
        return found.addresses();
    }
}

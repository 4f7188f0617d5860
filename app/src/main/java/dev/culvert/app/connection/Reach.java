package dev.culvert.app.connection;

import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.dns.EndpointResolver;
import dev.culvert.app.policy.TunnelPolicy;
import dev.culvert.app.routing.Mark;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.tun.sys.ErrnoException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the peers of the configuration in use are, and that the kill switch lets encrypted packets
 * go there and nowhere else: it is told before anything is sent.
 */
final class Reach {
    private static final Logger log = LoggerFactory.getLogger(Reach.class);

    private final Path root;
    private final TunnelPolicy policy;
    private final NameServers nameServers;

    private TunnelConfig config;
    private Endpoints endpoints = new Endpoints();

    /** Of a configuration that is being tried: they may be called, too. */
    private Endpoints tried = new Endpoints();

    private @Nullable Lookup lookup;
    private boolean connected;

    /** A configuration, and where its peers are. */
    record Called(TunnelConfig config, Endpoints endpoints) {}

    Reach(Path root, TunnelPolicy policy, NameServers nameServers, TunnelConfig config) {
        this.root = root;
        this.policy = policy;
        this.nameServers = nameServers;
        this.config = config;
    }

    /** The configuration in use; its secrets are zeroed. */
    TunnelConfig config() {
        return config;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    Called called() {
        return new Called(config, endpoints);
    }

    /** Of a tunnel that is being opened: waits for names, unless they were asked for before. */
    void begin(TunnelConfig wanted)
            throws KillSwitchException, ErrnoException, ConnectionException {
        config = wanted;
        endpoints = resolved(wanted);
    }

    /**
     * Goes over to the peers of another configuration; those of the one before are allowed, too.
     */
    void change(TunnelConfig wanted)
            throws KillSwitchException, ErrnoException, ConnectionException {
        lookup = null; // Its names are those of the configuration that is left.
        Called before = called();
        endpoints = resolved(wanted);
        config = wanted;
        reloading(before, Optional.empty());
    }

    /** What was gone over to is refused: back, and to the rules of the state that it is in. */
    void restore(Called before) {
        config = before.config();
        endpoints = before.endpoints();
        fallBack();
    }

    private Endpoints resolved(TunnelConfig wanted)
            throws KillSwitchException, ErrnoException, ConnectionException {
        Lookup asked = lookup;
        lookup = null;
        if (asked == null || !asked.isFor(wanted)) {
            asked = startLookup(wanted);
        }
        return Endpoints.of(wanted, asked.addresses());
    }

    /** Names are asked for through a pinhole, which is closed by the rules that come next. */
    private Lookup startLookup(TunnelConfig of)
            throws KillSwitchException, ErrnoException, ConnectionException {
        List<InetAddress> servers = List.of();
        if (Endpoints.areNamed(of)) {
            servers = nameServers.servers();
            Optional<Pinhole> pinhole = Optional.of(nameServers.pinhole());
            if (policy.hasLink()) {
                reloading(called(), pinhole);
            } else {
                policy.connecting(config, pinned(), pinhole);
            }
        }
        return Lookup.start(of, new EndpointResolver(root, Mark.of(of)), servers);
    }

    private void reloading(Called before, Optional<Pinhole> pinhole)
            throws KillSwitchException, ErrnoException {
        policy.reloading(before.config(), before.endpoints().pinned(), config, pinned(), pinhole);
    }

    private Set<Endpoint> pinned() {
        Set<Endpoint> pinned = new HashSet<>(endpoints.pinned());
        pinned.addAll(tried.pinned());
        return pinned;
    }

    /** Asks for the names of the configuration, before there is a tunnel. */
    void ask() throws KillSwitchException, ErrnoException, ConnectionException {
        lookup = startLookup(config);
    }

    /** What is being asked for; null: nothing. */
    @Nullable Lookup lookup() {
        return lookup;
    }

    /** Gives up asking, and with it all that was allowed. */
    void withdraw() {
        lookup = null;
        try {
            policy.withdraw();
        } catch (KillSwitchException | ErrnoException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    /**
     * A peer's next address; after the last one the first again, while the names are asked for
     * anew.
     */
    void advance(PublicKey peer) throws KillSwitchException, ErrnoException, ConnectionException {
        if (!endpoints.advance(peer) && Endpoints.areNamed(config) && lookup == null) {
            lookup = startLookup(config);
        }
    }

    /**
     * What the names stand for now, when they were asked for anew; the addresses before are
     * allowed, too, until {@link #settle}.
     *
     * @return the endpoints before; empty: there is no answer yet
     */
    Optional<Endpoints> takeNames()
            throws KillSwitchException, ErrnoException, ConnectionException {
        Lookup asked = lookup;
        if (asked == null || !asked.isDone()) {
            return Optional.empty();
        }
        lookup = null;
        Called before = called();
        endpoints = endpoints.renewed(config, asked.addresses());
        reloading(before, Optional.empty());
        return Optional.of(before.endpoints());
    }

    /** Opens the way to the peers of another configuration; its endpoints. */
    Endpoints tryOut(TunnelConfig wanted)
            throws KillSwitchException, ErrnoException, ConnectionException {
        tried = Endpoints.of(wanted, startLookup(wanted).addresses());
        settle();
        return tried;
    }

    /** The way to the peers of a configuration that was tried is closed again. */
    void abandon() {
        tried = new Endpoints();
        fallBack();
    }

    /** Whether a peer answers. */
    boolean isConnected() {
        return connected;
    }

    void setConnected(boolean answers)
            throws KillSwitchException, ErrnoException, ConnectionException {
        connected = answers;
        settle();
    }

    /** The rules of the state that it is in. */
    void settle() throws KillSwitchException, ErrnoException, ConnectionException {
        if (lookup != null) {
            policy.connecting(config, pinned(), Optional.of(nameServers.pinhole()));
        } else if (connected) {
            policy.connected(config, pinned());
        } else {
            policy.connecting(config, pinned(), Optional.empty());
        }
    }

    /** What was being tried came to nothing: the rules of the state that it is in again. */
    void fallBack() {
        try {
            settle();
        } catch (KillSwitchException | ErrnoException | ConnectionException refused) {
            log.error("{}", refused.getMessage());
        }
    }
}

package dev.culvert.app.connection;

import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.policy.TunnelPolicy;
import dev.culvert.app.routing.Mark;
import dev.culvert.app.routing.Ways;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.uapi.DeviceSnapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One tunnel, from its configuration to its end, and what it takes to keep it connected. */
public final class Connection {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private final Ways ways;
    private final TunnelPolicy policy;
    private final Tunnel tunnel;
    private final TunnelNetwork network;
    private final Reach reach;
    private final AwaitedNames names;
    private final PeerWatches watches = new PeerWatches();
    private final EndpointFailover failover;
    private final Freshness freshness = new Freshness();
    private final SetUp setUp;
    private final Change change;

    private @Nullable LiveTunnel live;
    private boolean announced;

    /**
     * Nothing is touched before {@link #open} or {@link #await}.
     *
     * @param config that it is to have
     * @param namesServers whether resolv.conf is this tunnel's
     */
    public Connection(
            SharedNamespace namespace,
            ConnectionSettings settings,
            TunnelConfig config,
            boolean namesServers) {
        ways = namespace.ways();
        policy = namespace.policy().tunnel();
        tunnel = Tunnel.withOptionalSocket(namespace.ending());
        NameServers nameServers = new NameServers(namespace.root(), settings.sidecar());
        network = new TunnelNetwork(namespace, settings, policy, nameServers, namesServers);
        reach = new Reach(namespace.root(), policy, nameServers, config);
        names = new AwaitedNames(reach);
        failover = new EndpointFailover(reach, watches);
        setUp = new SetUp(settings, namespace.rtnetlink(), policy, reach, network);
        change = new Change(ways, reach, network, watches);
    }

    /**
     * Brings it up. When this throws, {@link #close} takes down what is there.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    public void open(TunnelConfig wanted) throws ConnectionException {
        live = setUp.open(tunnel, wanted);
    }

    /** Asks for its names, again and again, until {@link #isFound}; then it is to be opened. */
    public void await() throws ConnectionException {
        try {
            network.close(current());
        } catch (RtnetlinkException refused) {
            throw new ConnectionException(String.valueOf(refused.getMessage()), refused);
        }
        names.ask();
    }

    /** Until the next attempt nothing is allowed for it. */
    public void postpone(String why) {
        names.postpone(why);
    }

    /** Whether it is not open, since its names are not known. */
    public boolean isWaiting() {
        return live == null;
    }

    /** Whether it has waited for its names, and they are known. */
    public boolean isFound() {
        return live == null && names.areKnown();
    }

    /** Why it is not open, one line; empty: it is. */
    public String problem() {
        return live == null ? names.problem() : "";
    }

    /** Whether a name is among the endpoints of its peers. */
    public boolean isNamed() {
        return Endpoints.areNamed(current());
    }

    /** The configuration in use; its secrets are zeroed. */
    public TunnelConfig current() {
        return reach.config();
    }

    /**
     * Looks after it: called again and again.
     *
     * @param replaceable another tunnel is ready to be the way in its place
     */
    public void look(boolean replaceable) {
        LiveTunnel present = live;
        long nowNs = System.nanoTime();
        if (present == null) {
            names.look(nowNs);
            return;
        }
        DeviceSnapshot snapshot = present.snapshot();
        try {
            orFallBack(() -> lookAfter(present, snapshot, replaceable, nowNs));
        } finally {
            snapshot.zero();
        }
    }

    @FunctionalInterface
    private interface Step {
        void take() throws KillSwitchException, ErrnoException, ConnectionException;
    }

    /** What is refused leaves it as it was. */
    private void orFallBack(Step step) {
        try {
            step.take();
        } catch (KillSwitchException
                | ErrnoException
                | ConnectionException
                | IllegalArgumentException refused) {
            log.warn("{}", refused.getMessage());
            reach.fallBack();
        }
    }

    private void lookAfter(
            LiveTunnel present, DeviceSnapshot snapshot, boolean replaceable, long nowNs)
            throws KillSwitchException, ErrnoException, ConnectionException {
        PeerWatches.Look look = watches.look(snapshot.peers(), replaceable, nowNs);
        // Whoever only waits for calls has all that it needs.
        boolean answers = look.answers() || current().isServer();
        if (answers != reach.isConnected()) {
            reach.setConnected(answers);
            announce();
        }
        failover.takeNames(present, nowNs);
        for (PublicKey peer : look.silent()) {
            failover.advance(peer, "no answer from " + peer, present);
        }
        freshness.look(snapshot, Libc.clockRealtimeNs());
        if (look.doubtful()) {
            present.renew();
        } else if (freshness.wantsHandshake(nowNs)) {
            present.connect();
        }
    }

    private void announce() {
        if (isConnected()) {
            log.info(current().isServer() ? "waiting for clients" : "connected");
        } else {
            log.warn("no answer any more: connecting again");
        }
        announced |= isConnected();
    }

    /** When the uplinks may have changed. */
    public void followUplinks() {
        LiveTunnel present = live;
        if (present != null) {
            orFallBack(() -> network.follow(current(), present));
        }
    }

    /** Makes new sessions. */
    public void renew() {
        LiveTunnel present = live;
        if (present != null) {
            present.renew();
        }
    }

    /** Whether a peer may be somewhere else, too: other addresses, or a name to be asked again. */
    public boolean hasElsewhere() {
        return live != null && (reach.endpoints().areSeveral() || isNamed());
    }

    /** Whatever the present addresses answer: on to the next ones. */
    public void tryElsewhere() {
        LiveTunnel present = live;
        if (present != null) {
            orFallBack(() -> failover.advanceAll(present));
        }
    }

    /**
     * Goes over to another configuration. Sessions of peers that stay live on; old and new
     * endpoints are allowed until it is done.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    public void reload(TunnelConfig wanted, boolean namesServers) throws ConnectionException {
        LiveTunnel present = opened(wanted);
        network.setNamesServers(namesServers);
        change.to(wanted, present);
    }

    private LiveTunnel opened(TunnelConfig wanted) throws ConnectionException {
        LiveTunnel present = live;
        if (present == null) {
            throw new ConnectionException(wanted.source() + ": the tunnel is not open");
        }
        return present;
    }

    /**
     * Opens the way to the peers of another configuration. The present one stays in use.
     *
     * @param wanted goes into the result
     */
    public Trial tryOut(TunnelConfig wanted) throws ConnectionException {
        refuseOtherMark(wanted);
        opened(wanted);
        try {
            return new Trial(wanted, Mark.of(wanted), reach.tryOut(wanted).all());
        } catch (KillSwitchException | ErrnoException | ConnectionException refused) {
            reach.abandon();
            throw new ConnectionException(wanted.source() + ": " + refused.getMessage(), refused);
        }
    }

    /** The way to the peers of a configuration that was tried is closed again. */
    public void abandon() {
        reach.abandon();
    }

    /** Goes over to the configuration that was tried. */
    public void adopt(TunnelConfig wanted) throws ConnectionException {
        try {
            reload(wanted, network.namesServers());
        } finally {
            abandon();
        }
    }

    /** The mark is the kill switch's, and that of every tunnel: it stays. */
    public void refuseOtherMark(TunnelConfig wanted) throws ConnectionException {
        if (Mark.of(current()) != Mark.of(wanted)) {
            throw new ConnectionException(
                    wanted.source() + ": another FwMark takes a restart, not a reload");
        }
    }

    /** By the ways that are chosen now. */
    public void reroute() throws RtnetlinkException {
        LiveTunnel present = live;
        if (present != null) {
            network.route(current(), present);
        }
    }

    /** For how long the peer of a network has answered; -1: it does not. */
    public long answersNs(IpPrefix network, long nowNs) {
        return watches.answersNs(current(), network, nowNs);
    }

    public boolean isConnected() {
        return reach.isConnected();
    }

    /** Whether it may be relied on, and why not. */
    public Readiness readiness() {
        boolean calls = current().peers().stream().anyMatch(peer -> peer.endpoint() != null);
        return calls ? freshness.readiness() : new Readiness(live != null, "no peer to call");
    }

    /** Empty: it is not open. */
    public Optional<TunnelStatus> status() {
        LiveTunnel present = live;
        if (present == null) {
            return Optional.empty();
        }
        DeviceSnapshot snapshot = present.snapshot();
        try {
            return Optional.of(
                    new TunnelStatus(
                            present.name(),
                            current().source(),
                            watches.report(snapshot.peers()),
                            tunnel.datapath().statistics(),
                            tunnel.datapath().natStatistics()));
        } finally {
            snapshot.zero();
        }
    }

    /** Takes the tunnel down for good: nothing is allowed for it any more. */
    public void leave() throws ConnectionException {
        close();
        try {
            ways.remove(current().interfaceName());
            policy.withdraw();
        } catch (KillSwitchException | ErrnoException refused) {
            throw new ConnectionException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Takes the tunnel down; rules and closed routes stay. */
    public void close() {
        LiveTunnel present = live;
        if (announced && present != null) {
            TearDown.of(tunnel, present, current());
        } else {
            tunnel.close();
        }
    }
}

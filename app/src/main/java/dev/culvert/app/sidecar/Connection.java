package dev.culvert.app.sidecar;

import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.dns.EndpointResolver;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.routing.ReversePath;
import dev.culvert.app.rules.NatRule;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.app.tunnel.AeadSelection;
import dev.culvert.app.tunnel.Ending;
import dev.culvert.app.tunnel.Settings;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.app.tunnel.TunnelException;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a configuration to a tunnel that carries traffic, and what it takes to keep it so: another
 * address for a peer that does not answer, the rules of the kill switch for each state, the change
 * to another configuration.
 */
final class Connection {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    private static final long FOLLOW_NS = 2_000_000_000L;
    private static final long ASK_AGAIN_NS = 10_000_000_000L;

    private final Surroundings surroundings;
    private final Rtnetlink rtnetlink;
    private final TunnelPolicy policy;
    private final Ways ways;
    private boolean namesServers;
    private final Tunnel tunnel;
    private final NameServers nameServers;
    private final Gateway gateway;
    private final TunnelRoutes routes;
    private final Map<PublicKey, PeerWatch> watches = new HashMap<>();

    private @Nullable LiveTunnel live;
    private @Nullable TunnelConfig config;
    private Endpoints endpoints = new Endpoints();

    /** Of a configuration that is being tried: they may be called, too. */
    private Endpoints tried = new Endpoints();

    private @Nullable Lookup lookup;
    private long askedNs;
    private String problem = "";
    private boolean connected;
    private boolean announced;
    private final Freshness freshness = new Freshness();
    private long followedNs = System.nanoTime();

    Connection(
            Surroundings surroundings,
            SidecarSettings settings,
            List<NatRule> natRules,
            Rtnetlink rtnetlink,
            PolicyControl policy,
            Ways ways,
            boolean namesServers,
            Ending ending) {
        this.surroundings = surroundings;
        this.rtnetlink = rtnetlink;
        this.policy = policy.tunnel();
        this.ways = ways;
        this.namesServers = namesServers;
        tunnel = Tunnel.withOptionalSocket(ending);
        nameServers = new NameServers(surroundings.root(), settings);
        routes = new TunnelRoutes(surroundings, settings, rtnetlink, this.policy, ways);
        gateway =
                new Gateway(
                        settings.exemptions().forwarding(),
                        natRules,
                        surroundings.root(),
                        rtnetlink,
                        ways);
    }

    /**
     * Brings it up. When this throws, {@link #close} takes down what is there.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    void open(TunnelConfig wanted, Settings tunnelSettings, AeadSelection aead)
            throws SidecarException {
        try {
            config = wanted;
            HookRunner.run("PreUp", wanted.local().hooks().preUp());
            routes.close(wanted);
            ReversePath.loosen(surroundings.root(), policy.uplinks()).forEach(log::warn);
            policy.hideTunnelAddress(surroundings.root());
            resolve(wanted, Optional.empty());
            tunnel.open(wanted.interfaceName(), tunnelSettings, aead);
            LiveTunnel opened = new LiveTunnel(tunnel, rtnetlink);
            live = opened;
            policy.setTunnelIndex(opened.linkIndex());
            opened.configure(EngineChange.withoutEndpoints(wanted, TunnelRoutes.mark(wanted)));
            opened.address(wanted, routes.mtu(wanted, endpoints.hosts()));
            gateway.translate(tunnel.interfaceName(), opened);
            connecting(Optional.empty());
            opened.up();
            routes.open(wanted, opened.linkIndex());
            gateway.forward(policy.uplinks(), tunnel.interfaceName(), opened.linkIndex());
            gateway.cross(ways.crossings(), tunnel.interfaceName(), opened.linkIndex());
            // Without a route, strict and loose reverse path filters drop the peer's answer.
            opened.configure(EngineChange.endpoints(endpoints.used()));
            opened.connect();
            writeNameServers(wanted);
            HookRunner.run("PostUp", wanted.local().hooks().postUp());
        } catch (TunnelException
                | KillSwitchException
                | IllegalArgumentException
                | ErrnoException refused) {
            throw new SidecarException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** The configuration that it is to have, once it is opened. */
    void take(TunnelConfig wanted) {
        config = wanted;
    }

    /** Asks for its names, again and again, until {@link #isFound}; then it is to be opened. */
    void await(TunnelConfig wanted) throws SidecarException {
        config = wanted;
        try {
            routes.close(wanted);
        } catch (RtnetlinkException refused) {
            throw new SidecarException(String.valueOf(refused.getMessage()), refused);
        }
        ask();
    }

    private void ask() {
        try {
            lookup = startLookup(current(), Optional.empty());
        } catch (KillSwitchException | ErrnoException | SidecarException refused) {
            postpone(String.valueOf(refused.getMessage()));
        }
    }

    /** Until the next attempt nothing is allowed for it. */
    void postpone(String why) {
        lookup = null;
        askedNs = System.nanoTime();
        if (!why.equals(problem)) {
            log.warn("{}: {}", tunnelName(), why);
        }
        problem = why;
        try {
            policy.withdraw();
        } catch (KillSwitchException | ErrnoException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    private void awaitNames(long nowNs) {
        Lookup asked = lookup;
        if (asked == null) {
            if (nowNs - askedNs >= ASK_AGAIN_NS) {
                ask();
            }
            return;
        }
        if (asked.isDone()) {
            try {
                asked.addresses();
            } catch (SidecarException unresolved) {
                postpone(String.valueOf(unresolved.getMessage()));
            }
        }
    }

    /** Whether it is not open, since its names are not known. */
    boolean isWaiting() {
        return live == null;
    }

    /** Whether it has waited for its names, and they are known. */
    boolean isFound() {
        return live == null && lookup != null && lookup.isDone();
    }

    /** Why it is not open, one line; empty: it is. */
    String problem() {
        return live == null && !problem.isEmpty() ? tunnelName() + ": " + problem : "";
    }

    private String tunnelName() {
        return current().interfaceName();
    }

    /** Where peers call that have no endpoint. */
    private static Set<Integer> listenPorts(TunnelConfig config) {
        OptionalInt port = config.calledPort();
        return port.isPresent() ? Set.of(port.getAsInt()) : Set.of();
    }

    /** Waits for names, unless they were asked for before. */
    private void resolve(TunnelConfig wanted, Optional<TunnelConfig> before)
            throws KillSwitchException, ErrnoException, SidecarException {
        Lookup asked = lookup;
        lookup = null;
        if (asked == null || !asked.isFor(wanted)) {
            asked = startLookup(wanted, before);
        }
        endpoints = Endpoints.of(wanted, asked.addresses());
    }

    /** Names are asked for through a pinhole, which is closed by the rules that come next. */
    private Lookup startLookup(TunnelConfig of, Optional<TunnelConfig> before)
            throws KillSwitchException, ErrnoException, SidecarException {
        List<InetAddress> servers = List.of();
        if (Endpoints.areNamed(of)) {
            servers = nameServers.servers();
            Optional<Pinhole> pinhole = Optional.of(nameServers.pinhole());
            if (before.isPresent()) {
                reloading(before.get(), endpoints.pinned(), pinhole);
            } else {
                connecting(pinhole);
            }
        }
        return Lookup.start(
                of, new EndpointResolver(surroundings.root(), TunnelRoutes.mark(of)), servers);
    }

    private Optional<TunnelLink> link() {
        LiveTunnel present = live;
        return present == null
                ? Optional.empty()
                : Optional.of(
                        new TunnelLink(
                                tunnel.interfaceName(),
                                present.linkIndex(),
                                present.addresses().stream().map(IpPrefix::address).toList()));
    }

    private void connecting(Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        policy.connecting(
                TunnelRoutes.mark(current()), pinned(), listenPorts(current()), link(), pinhole);
    }

    private Set<Endpoint> pinned() {
        Set<Endpoint> pinned = new HashSet<>(endpoints.pinned());
        pinned.addAll(tried.pinned());
        return pinned;
    }

    private void reloading(
            TunnelConfig before, Set<Endpoint> endpointsBefore, Optional<Pinhole> pinhole)
            throws KillSwitchException, RtnetlinkException {
        Set<Integer> ports = new HashSet<>(listenPorts(before));
        ports.addAll(listenPorts(current()));
        policy.reloading(
                TunnelRoutes.mark(current()),
                endpointsBefore,
                pinned(),
                ports,
                link().orElseThrow(),
                pinhole);
    }

    /** The rules of the state that it is in. */
    private void settle() throws KillSwitchException, RtnetlinkException, SidecarException {
        if (lookup != null) {
            connecting(Optional.of(nameServers.pinhole()));
        } else if (connected) {
            policy.connected(
                    TunnelRoutes.mark(current()),
                    pinned(),
                    listenPorts(current()),
                    link().orElseThrow());
        } else {
            connecting(Optional.empty());
        }
    }

    /** The configuration in use; its secrets are zeroed. */
    TunnelConfig current() {
        if (config == null) {
            throw new IllegalStateException("nothing is open");
        }
        return config;
    }

    /** Looks after it: called again and again. */
    void look() {
        LiveTunnel present = live;
        long nowNs = System.nanoTime();
        if (present == null) {
            awaitNames(nowNs);
            return;
        }
        DeviceSnapshot snapshot = present.snapshot();
        try {
            // Whoever only waits for calls has all that it needs.
            boolean answers = current().isServer();
            boolean doubtful = false;
            List<PublicKey> silent = new ArrayList<>();
            for (PeerSnapshot peer : snapshot.peers()) {
                PublicKey key = PublicKey.of(peer.publicKey());
                PeerWatch watch = watches.computeIfAbsent(key, unknown -> new PeerWatch());
                watch.look(peer, nowNs);
                answers |= watch.isConnected(nowNs);
                doubtful |= watch.wantsProof(nowNs);
                if (watch.isUnanswered(nowNs)) {
                    silent.add(key);
                    watch.startOver();
                }
            }
            if (answers != connected) {
                connected = answers;
                settle();
                announce();
            }
            takeNames(present, nowNs);
            for (PublicKey peer : silent) {
                tryElsewhere(peer, "no answer from " + peer, present);
            }
            freshness.look(snapshot, Libc.clockRealtimeNs());
            if (doubtful) {
                present.renew();
            } else if (freshness.wantsHandshake(nowNs)) {
                present.connect();
            }
            if (nowNs - followedNs >= FOLLOW_NS) {
                followedNs = nowNs;
                follow(present);
            }
        } catch (KillSwitchException
                | ErrnoException
                | SidecarException
                | IllegalArgumentException refused) {
            log.warn("{}", refused.getMessage());
            fallBack();
        } finally {
            snapshot.zero();
        }
    }

    /** What was being tried came to nothing: the rules of the state that it is in again. */
    private void fallBack() {
        try {
            settle();
        } catch (KillSwitchException | ErrnoException | SidecarException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    private void announce() {
        if (connected) {
            log.info(current().isServer() ? "waiting for clients" : "connected");
        } else {
            log.warn("no answer any more: connecting again");
        }
        announced |= connected;
    }

    /** The next address; after the last one the first again, while the names are asked for anew. */
    private void tryElsewhere(PublicKey peer, String why, LiveTunnel present)
            throws KillSwitchException, ErrnoException, SidecarException {
        if (!endpoints.knows(peer)) {
            return;
        }
        InetSocketAddress before = endpoints.used().get(peer);
        if (!endpoints.advance(peer) && Endpoints.areNamed(current()) && lookup == null) {
            lookup = startLookup(current(), Optional.of(current()));
        }
        call(peer, why, before, present);
        settle();
        present.connect();
    }

    private void call(
            PublicKey peer, String why, @Nullable InetSocketAddress before, LiveTunnel present)
            throws SidecarException {
        InetSocketAddress next = endpoints.used().get(peer);
        if (next != null) {
            log.warn(
                    "{}: calling {}{}",
                    why,
                    next.toString().replaceFirst(".*/", ""),
                    next.equals(before) ? " again" : "");
            present.configure(EngineChange.endpoints(Map.of(peer, next)));
        }
    }

    /** What the names stand for now, when they were asked for anew. */
    private void takeNames(LiveTunnel present, long nowNs)
            throws KillSwitchException, ErrnoException, SidecarException {
        Lookup asked = lookup;
        if (asked == null || !asked.isDone()) {
            return;
        }
        lookup = null;
        Endpoints before = endpoints;
        endpoints = endpoints.renewed(current(), asked.addresses());
        reloading(current(), before.pinned(), Optional.empty());
        for (Map.Entry<PublicKey, InetSocketAddress> used : endpoints.used().entrySet()) {
            PeerWatch watch = watches.get(used.getKey());
            InetSocketAddress left = before.used().get(used.getKey());
            if (!used.getValue().equals(left) && (watch == null || !watch.isConnected(nowNs))) {
                call(used.getKey(), "its name has another address", left, present);
            }
        }
        settle();
        present.connect();
    }

    /** Makes new sessions. */
    void renew() {
        LiveTunnel present = live;
        if (present != null) {
            present.renew();
        }
    }

    /** Whether a peer may be somewhere else, too: other addresses, or a name to be asked again. */
    boolean hasElsewhere() {
        return live != null && (endpoints.areSeveral() || Endpoints.areNamed(current()));
    }

    /** Whatever the present addresses answer: on to the next ones. */
    void tryElsewhere() {
        LiveTunnel present = live;
        if (present == null) {
            return;
        }
        try {
            for (PeerConfig peer : current().peers()) {
                PublicKey key = peer.publicKey();
                tryElsewhere(key, key.toString(), present);
            }
            present.renew();
        } catch (KillSwitchException
                | ErrnoException
                | SidecarException
                | IllegalArgumentException refused) {
            log.warn("{}", refused.getMessage());
            fallBack();
        }
    }

    private void follow(LiveTunnel present) throws KillSwitchException, RtnetlinkException {
        if (policy.followUplinks()) {
            routes.open(current(), present.linkIndex());
            gateway.forward(policy.uplinks(), tunnel.interfaceName(), present.linkIndex());
        }
    }

    /**
     * Goes over to another configuration. Sessions of peers that stay live on; old and new
     * endpoints are allowed until it is done.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    void reload(TunnelConfig wanted, boolean namesServers) throws SidecarException {
        TunnelConfig before = current();
        LiveTunnel present = live;
        if (present == null) {
            throw new SidecarException(wanted.source() + ": the tunnel is not open");
        }
        this.namesServers = namesServers;
        Endpoints endpointsBefore = endpoints;
        lookup = null; // Its names are those of the configuration that is left.
        try {
            resolve(wanted, Optional.of(before));
            config = wanted;
            reloading(before, endpointsBefore.pinned(), Optional.empty());
            present.configure(
                    EngineChange.between(before, wanted, endpointsBefore.used(), endpoints.used()));
            present.address(wanted, routes.mtu(wanted, endpoints.hosts()));
            gateway.translate(tunnel.interfaceName(), present);
            forgetOthers(wanted);
            settle();
            routes.open(wanted, present.linkIndex());
            gateway.cross(ways.crossings(), tunnel.interfaceName(), present.linkIndex());
            present.connect();
            writeNameServers(wanted);
            if (!before.local().hooks().equals(wanted.local().hooks())) {
                log.warn(
                        "{}: the commands have changed: those for the way up are run at the next"
                                + " start",
                        wanted.source());
            }
        } catch (KillSwitchException
                | IllegalArgumentException
                | SidecarException
                | ErrnoException refused) {
            config = before;
            ways.put(before);
            endpoints = endpointsBefore;
            fallBack();
            throw new SidecarException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /**
     * Opens the way to the peers of another configuration. The present one stays in use.
     *
     * @param wanted goes into the result
     */
    Trial tryOut(TunnelConfig wanted) throws SidecarException {
        refuseOtherMark(wanted);
        if (isWaiting()) {
            throw new SidecarException(wanted.source() + ": the tunnel is not open");
        }
        try {
            EndpointResolver resolver =
                    new EndpointResolver(surroundings.root(), TunnelRoutes.mark(wanted));
            List<InetAddress> servers = List.of();
            if (Endpoints.areNamed(wanted)) {
                servers = nameServers.servers();
                reloading(current(), endpoints.pinned(), Optional.of(nameServers.pinhole()));
            }
            tried = Endpoints.of(wanted, Lookup.start(wanted, resolver, servers).addresses());
            settle();
            return new Trial(wanted, TunnelRoutes.mark(wanted), tried.all());
        } catch (KillSwitchException | ErrnoException | SidecarException refused) {
            tried = new Endpoints();
            fallBack();
            throw new SidecarException(wanted.source() + ": " + refused.getMessage(), refused);
        }
    }

    /** The way to the peers of a configuration that was tried is closed again. */
    void abandon() {
        tried = new Endpoints();
        fallBack();
    }

    /** Goes over to the configuration that was tried. */
    void adopt(TunnelConfig wanted) throws SidecarException {
        try {
            reload(wanted, namesServers);
        } finally {
            abandon();
        }
    }

    /** The mark is the kill switch's, and that of every tunnel: it stays. */
    void refuseOtherMark(TunnelConfig wanted) throws SidecarException {
        if (TunnelRoutes.mark(current()) != TunnelRoutes.mark(wanted)) {
            throw new SidecarException(
                    wanted.source() + ": another FwMark takes a restart, not a reload");
        }
    }

    /** By the ways that are chosen now. */
    void reroute() throws RtnetlinkException {
        LiveTunnel present = live;
        if (present != null) {
            routes.open(current(), present.linkIndex());
        }
    }

    /** For how long the peer of a network has answered; -1: it does not. */
    long answersNs(IpPrefix network, long nowNs) {
        for (PeerConfig peer : current().peers()) {
            PeerWatch watch = watches.get(peer.publicKey());
            if (watch != null
                    && watch.isConnected(nowNs)
                    && peer.allowedIps().stream().anyMatch(allowed -> holds(allowed, network))) {
                return watch.connectedForNs(nowNs);
            }
        }
        return -1;
    }

    private static boolean holds(IpPrefix allowed, IpPrefix network) {
        return allowed.family() == network.family()
                && allowed.length() <= network.length()
                && new Subnet(allowed.address(), allowed.length()).contains(network.address());
    }

    /** Takes the tunnel down for good: nothing is allowed for it any more. */
    void leave() throws SidecarException {
        close();
        try {
            ways.remove(current().interfaceName());
            policy.withdraw();
        } catch (KillSwitchException | ErrnoException refused) {
            throw new SidecarException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private void writeNameServers(TunnelConfig of) {
        if (namesServers) {
            nameServers.write(of);
        }
    }

    private void forgetOthers(TunnelConfig wanted) {
        Set<PublicKey> staying = new HashSet<>();
        for (PeerConfig peer : wanted.peers()) {
            staying.add(peer.publicKey());
        }
        watches.keySet().retainAll(staying);
    }

    boolean isConnected() {
        return connected;
    }

    /** Whether it may be relied on, and why not. */
    Readiness readiness() {
        boolean calls =
                config != null && config.peers().stream().anyMatch(peer -> peer.endpoint() != null);
        return calls ? freshness.readiness() : new Readiness(live != null, "no peer to call");
    }

    /** Empty: nothing is open. */
    Optional<TunnelStatus> status() {
        LiveTunnel present = live;
        if (present == null || config == null) {
            return Optional.empty();
        }
        DeviceSnapshot snapshot = present.snapshot();
        try {
            return Optional.of(
                    new TunnelStatus(
                            tunnel.interfaceName(),
                            config.source(),
                            snapshot.peers().stream()
                                    .map(peer -> PeerReports.of(peer, watches))
                                    .toList(),
                            tunnel.datapath().statistics(),
                            tunnel.datapath().natStatistics()));
        } finally {
            snapshot.zero();
        }
    }

    private void save() {
        TunnelConfig of = config;
        LiveTunnel present = live;
        if (!announced || of == null || present == null || !of.local().saveConfig()) {
            return;
        }
        DeviceSnapshot snapshot = present.snapshot();
        try {
            SavedConfig.write(of, snapshot);
        } finally {
            snapshot.zero();
        }
    }

    /** Takes the tunnel down; rules and closed routes stay. */
    void close() {
        if (announced && config != null) {
            HookRunner.tryRun("PreDown", config.local().hooks().preDown());
        }
        save();
        tunnel.close();
        if (announced && config != null) {
            HookRunner.tryRun("PostDown", config.local().hooks().postDown());
        }
    }
}

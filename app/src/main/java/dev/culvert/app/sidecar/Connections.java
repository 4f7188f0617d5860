package dev.culvert.app.sidecar;

import dev.culvert.app.config.Alternatives;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.EndpointName;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.relay.RelayConfig;
import dev.culvert.app.rules.NatRule;
import dev.culvert.app.rules.RouteRule;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.app.tunnel.AeadSelection;
import dev.culvert.app.tunnel.Ending;
import dev.culvert.app.tunnel.Settings;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.ErrnoException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tunnels of the process, and which of them is the way to where rules leave a choice. */
final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private static final long REPAIR_NS = 2_000_000_000L;

    /** A way that has come back has to last that long before it is taken again. */
    private static final long STEADY_NS = 5_000_000_000L;

    private final Surroundings surroundings;
    private final SidecarSettings settings;
    private final List<NatRule> natRules;
    private final Rtnetlink rtnetlink;
    private final PolicyControl policy;
    private final Ways ways;
    private final Ending ending;
    private final Settings tunnelSettings;
    private final AeadSelection aead;
    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private long repairedNs = System.nanoTime();

    Connections(
            Surroundings surroundings,
            SidecarSettings settings,
            List<NatRule> natRules,
            Rtnetlink rtnetlink,
            PolicyControl policy,
            Ways ways,
            Ending ending,
            Settings tunnelSettings,
            AeadSelection aead) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.natRules = natRules;
        this.rtnetlink = rtnetlink;
        this.policy = policy;
        this.ways = ways;
        this.ending = ending;
        this.tunnelSettings = tunnelSettings;
        this.aead = aead;
    }

    /**
     * Brings all of them up; those that have to ask for names first come later, if there are
     * others. When this throws, {@link #close} takes down what is there.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    void open(RelayConfig wanted) throws SidecarException {
        ways.setRules(wanted.rules());
        wanted.tunnels().forEach(ways::put);
        String namesServers = namesServers(wanted.tunnels());
        for (TunnelConfig tunnel : carriersFirst(wanted.tunnels())) {
            open(tunnel, tunnel.interfaceName().equals(namesServers), wanted.tunnels().size() > 1);
        }
    }

    private void open(TunnelConfig tunnel, boolean namesServers, boolean several)
            throws SidecarException {
        Connection opening = connection(tunnel, namesServers);
        if (several && (Endpoints.areNamed(tunnel) || waitsForCarrier(tunnel))) {
            opening.await(tunnel);
        } else {
            opening.open(tunnel, tunnelSettings, aead);
        }
    }

    private Connection connection(TunnelConfig tunnel, boolean namesServers) {
        Connection made =
                new Connection(
                        surroundings,
                        settings,
                        natRules,
                        rtnetlink,
                        policy,
                        ways,
                        namesServers,
                        ending);
        made.take(tunnel);
        connections.put(tunnel.interfaceName(), made);
        return made;
    }

    private boolean waitsForCarrier(TunnelConfig inner) {
        return connections.values().stream()
                .anyMatch(outer -> outer.isWaiting() && carries(outer.current(), inner));
    }

    /** Whether there are tunnels that can be opened now: their names are known. */
    boolean wantsOpening() {
        return connections.values().stream()
                .anyMatch(waiting -> waiting.isFound() && !waitsForCarrier(waiting.current()));
    }

    /**
     * Opens them.
     *
     * @param wanted the configuration, read again: it stays the caller's
     */
    void openFound(RelayConfig wanted) {
        String namesServers = namesServers(wanted.tunnels());
        for (TunnelConfig tunnel : carriersFirst(wanted.tunnels())) {
            Connection found = connections.get(tunnel.interfaceName());
            if (found == null || !found.isFound() || waitsForCarrier(tunnel)) {
                continue;
            }
            ways.put(tunnel);
            try {
                found.open(tunnel, tunnelSettings, aead);
                settleWays();
                showBanner(tunnel);
            } catch (SidecarException refused) {
                found.close();
                Connection again = connection(tunnel, tunnel.interfaceName().equals(namesServers));
                again.postpone(String.valueOf(refused.getMessage()));
            }
        }
        postponeFound("is not in the configuration any more: culvert reload");
    }

    /** What could be opened, but was not, is tried again later. */
    void postponeFound(String why) {
        for (Connection waiting : connections.values()) {
            if (waiting.isFound() && !waitsForCarrier(waiting.current())) {
                waiting.postpone(why);
            }
        }
    }

    /** Why tunnels are not open, a line each. */
    List<String> problems() {
        return connections.values().stream()
                .map(Connection::problem)
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    /** There is one resolv.conf: the first file with servers has it. */
    private static String namesServers(List<TunnelConfig> tunnels) {
        return tunnels.stream()
                .filter(tunnel -> !tunnel.local().dns().isEmpty())
                .findFirst()
                .orElse(tunnels.getFirst())
                .interfaceName();
    }

    /** A tunnel in a tunnel can be called, and knows its MTU, once the outer one is there. */
    private List<TunnelConfig> carriersFirst(List<TunnelConfig> tunnels) {
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

    private boolean carries(TunnelConfig outer, TunnelConfig inner) {
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

    /**
     * Goes over to another configuration: tunnels come, go, and change; the others are left alone.
     * What one tunnel refuses does not keep the others from it.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    void reload(RelayConfig wanted) throws SidecarException {
        for (TunnelConfig tunnel : wanted.tunnels()) {
            for (Connection present : connections.values()) {
                present.refuseOtherMark(tunnel);
            }
        }
        List<String> refusals = new ArrayList<>();
        List<String> names = wanted.tunnels().stream().map(TunnelConfig::interfaceName).toList();
        for (String gone : List.copyOf(connections.keySet())) {
            if (!names.contains(gone)) {
                attempt(refusals, () -> Objects.requireNonNull(connections.remove(gone)).leave());
            }
        }
        ways.setRules(wanted.rules());
        String namesServers = namesServers(wanted.tunnels());
        for (TunnelConfig tunnel : carriersFirst(wanted.tunnels())) {
            String name = tunnel.interfaceName();
            Connection present = connections.get(name);
            if (present != null && present.isWaiting()) {
                attempt(refusals, present::leave);
                present = null;
            }
            ways.put(tunnel);
            if (present != null) {
                Connection open = present;
                attempt(refusals, () -> open.reload(tunnel, name.equals(namesServers)));
                continue;
            }
            attempt(
                    refusals,
                    () -> {
                        try {
                            open(tunnel, name.equals(namesServers), wanted.tunnels().size() > 1);
                        } catch (SidecarException refused) {
                            Objects.requireNonNull(connections.remove(name)).leave();
                            throw refused;
                        }
                    });
        }
        attempt(refusals, this::settleWays);
        if (!refusals.isEmpty()) {
            throw new SidecarException(String.join("\n", refusals));
        }
    }

    @FunctionalInterface
    private interface Step {
        void take() throws SidecarException;
    }

    private static void attempt(List<String> refusals, Step step) {
        try {
            step.take();
        } catch (SidecarException refused) {
            refusals.add(String.valueOf(refused.getMessage()));
        }
    }

    /** Routes and rules once the choice of ways is another. */
    private void settleWays() throws SidecarException {
        try {
            for (Connection connection : connections.values()) {
                connection.reroute();
            }
            policy.refresh();
        } catch (KillSwitchException | ErrnoException refused) {
            throw new SidecarException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Looks after them: called again and again. */
    void look() {
        connections.values().forEach(Connection::look);
        long nowNs = System.nanoTime();
        boolean another = false;
        for (RouteRule.Via via : ways.vias()) {
            another |= choose(via, nowNs);
        }
        try {
            if (another) {
                settleWays();
            }
            if (nowNs - repairedNs >= REPAIR_NS) {
                repairedNs = nowNs;
                policy.repair();
            }
        } catch (KillSwitchException | ErrnoException | SidecarException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    /** The first that answers; one that has come back only when it lasts. True: another one. */
    private boolean choose(RouteRule.Via via, long nowNs) {
        String present = ways.chosen(via);
        boolean presentAnswers = answersNs(present, via, nowNs) >= 0;
        for (String link : via.links()) {
            if (link.equals(present) && presentAnswers) {
                return false;
            }
            long answersNs = answersNs(link, via, nowNs);
            if (answersNs >= (presentAnswers ? STEADY_NS : 0)) {
                log.warn(
                        "{} goes by {} now: {} {}",
                        via.destination(),
                        link,
                        presentAnswers ? link : present,
                        presentAnswers ? "is back" : "does not answer");
                ways.choose(via, link);
                return true;
            }
        }
        return false;
    }

    /** For how long; -1: it does not. */
    private long answersNs(String link, RouteRule.Via via, long nowNs) {
        Connection connection = connections.get(link);
        return connection == null ? -1 : connection.answersNs(via.destination(), nowNs);
    }

    /** All of them, but of those that stand in for one another one will do. */
    boolean isConnected() {
        return connections.values().stream().allMatch(Connection::isConnected)
                || (!ways.vias().isEmpty() && missing().isEmpty());
    }

    /** The tunnels without which something is out of reach. */
    private List<String> missing() {
        long nowNs = System.nanoTime();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Connection> connection : connections.entrySet()) {
            String link = connection.getKey();
            List<RouteRule.Via> choices =
                    ways.vias().stream()
                            .filter(via -> via.links().size() > 1 && via.links().contains(link))
                            .toList();
            boolean replaced =
                    !choices.isEmpty()
                            && choices.stream()
                                    .allMatch(via ->
                                            via.links().stream()
                                                    .anyMatch(other ->
                                                            answersNs(other, via, nowNs) >= 0));
            if (!connection.getValue().isConnected() && !replaced) {
                missing.add(link);
            }
        }
        return missing;
    }

    /** Whether they may be relied on, and why not. */
    Readiness readiness() {
        List<String> missing = missing();
        for (Map.Entry<String, Connection> connection : connections.entrySet()) {
            Readiness readiness = connection.getValue().readiness();
            if (!readiness.ready() && missing.contains(connection.getKey())) {
                return connections.size() == 1
                        ? readiness
                        : new Readiness(false, connection.getKey() + ": " + readiness.why());
            }
        }
        return connections.size() == 1
                ? connections.values().iterator().next().readiness()
                : new Readiness(true, "connected");
    }

    /** Makes new sessions. */
    void renew() {
        connections.values().forEach(Connection::renew);
    }

    /** Whether any peer may be somewhere else, too. */
    boolean haveElsewhere() {
        return connections.values().stream().anyMatch(Connection::hasElsewhere);
    }

    /** Whatever the present addresses answer: on to the next ones. */
    void tryElsewhere() {
        connections.values().forEach(Connection::tryElsewhere);
    }

    /** Of the tunnels that could have another configuration. */
    List<Candidates> candidates() throws ConfigException {
        List<Candidates> found = new ArrayList<>();
        for (Connection connection : connections.values()) {
            TunnelConfig config = connection.current();
            List<Path> others = Alternatives.after(config.source(), config.interfaceName());
            if (!others.isEmpty()) {
                found.add(new Candidates(config.interfaceName(), Path.of(config.source()), others));
            }
        }
        return found;
    }

    /** Opens the way to the peers of another configuration. */
    Trial tryOut(String interfaceName, Path file) throws ConfigException, SidecarException {
        Connection connection = connection(interfaceName);
        TunnelConfig wanted =
                new ConfigLoader(surroundings.root(), surroundings.environment())
                        .alternative(file, interfaceName);
        boolean usable = false;
        try {
            refuseConflicts(wanted);
            Trial trial = connection.tryOut(wanted);
            usable = true;
            return trial;
        } finally {
            if (!usable) {
                wanted.close();
            }
        }
    }

    private void refuseConflicts(TunnelConfig wanted) throws ConfigException {
        List<TunnelConfig> all =
                connections.values().stream()
                        .map(Connection::current)
                        .map(present ->
                                present.interfaceName().equals(wanted.interfaceName())
                                        ? wanted
                                        : present)
                        .toList();
        List<ConfigProblem> problems =
                RelayConfig.conflicts(all, ways.rules(), surroundings.environment());
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Goes over to it. */
    void adopt(Trial trial) throws SidecarException {
        Connection connection = connection(trial.config().interfaceName());
        ways.put(trial.config());
        connection.adopt(trial.config());
    }

    /** Closes that way again. */
    void abandon(Trial trial) throws SidecarException {
        connection(trial.config().interfaceName()).abandon();
    }

    private Connection connection(String interfaceName) throws SidecarException {
        Connection connection = connections.get(interfaceName);
        if (connection == null) {
            throw new SidecarException(interfaceName + ": there is no such tunnel any more");
        }
        return connection;
    }

    /** Says what has been opened. */
    void showBanners(RelayConfig config) {
        Banner.showProcess(policy.level());
        config.tunnels().forEach(this::showBanner);
    }

    private void showBanner(TunnelConfig tunnel) {
        Optional.ofNullable(connections.get(tunnel.interfaceName()))
                .flatMap(Connection::status)
                .ifPresent(status -> Banner.show(tunnel, status.datapath()));
    }

    /** In the order of their opening. */
    List<TunnelStatus> status() {
        return connections.values().stream()
                .flatMap(connection -> connection.status().stream())
                .toList();
    }

    /** Takes them down, the inner ones first; rules and closed routes stay. */
    void close() {
        List.copyOf(connections.values()).reversed().forEach(Connection::close);
    }
}

package dev.culvert.app.relay;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.connection.Connection;
import dev.culvert.app.connection.ConnectionException;
import dev.culvert.app.connection.ConnectionSettings;
import dev.culvert.app.connection.SharedNamespace;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.policy.PolicyControl;
import dev.culvert.app.routing.Ways;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.sys.ErrnoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tunnels of the process. */
public final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private final SharedNamespace namespace;
    private final ConnectionSettings settings;
    private final PolicyControl policy;
    private final Ways ways;
    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private final OpeningOrder order;
    private final WayChoice choice;
    private final Trials trials;

    /**
     * None yet.
     *
     * @param environment names what the tunnels could be instead of what they are
     */
    public Connections(
            SharedNamespace namespace,
            ConnectionSettings settings,
            Map<String, String> environment) {
        this.namespace = namespace;
        this.settings = settings;
        policy = namespace.policy();
        ways = namespace.ways();
        order = new OpeningOrder(ways);
        choice = new WayChoice(ways, connections);
        trials = new Trials(namespace.root(), environment, ways, connections);
    }

    /**
     * Brings all of them up; those that have to ask for names first come later, if there are
     * others. When this throws, {@link #close} takes down what is there.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    public void open(RelayConfig wanted) throws ConnectionException {
        ways.setRules(wanted.rules());
        wanted.tunnels().forEach(ways::put);
        for (TunnelConfig tunnel : order.carriersFirst(wanted.tunnels())) {
            open(tunnel, wanted);
        }
    }

    private void open(TunnelConfig tunnel, RelayConfig among) throws ConnectionException {
        Connection opening = put(tunnel, among);
        if (among.tunnels().size() > 1 && (opening.isNamed() || waitsForCarrier(tunnel))) {
            opening.await();
        } else {
            opening.open(tunnel);
        }
    }

    private Connection put(TunnelConfig tunnel, RelayConfig among) {
        Connection made = new Connection(namespace, settings, tunnel, among.namesServers(tunnel));
        connections.put(tunnel.interfaceName(), made);
        return made;
    }

    private boolean waitsForCarrier(TunnelConfig inner) {
        return connections.values().stream()
                .anyMatch(outer -> outer.isWaiting() && order.carries(outer.current(), inner));
    }

    /** Whether there are tunnels that can be opened now: their names are known. */
    public boolean wantsOpening() {
        return connections.values().stream()
                .anyMatch(waiting -> waiting.isFound() && !waitsForCarrier(waiting.current()));
    }

    /**
     * Opens them.
     *
     * @param wanted the configuration, read again: it stays the caller's
     */
    public void openFound(RelayConfig wanted) {
        for (TunnelConfig tunnel : order.carriersFirst(wanted.tunnels())) {
            Connection found = connections.get(tunnel.interfaceName());
            if (found == null || !found.isFound() || waitsForCarrier(tunnel)) {
                continue;
            }
            ways.put(tunnel);
            try {
                found.open(tunnel);
                settleWays();
                showBanner(tunnel);
            } catch (ConnectionException refused) {
                found.close();
                put(tunnel, wanted).postpone(String.valueOf(refused.getMessage()));
            }
        }
        postponeFound("is not in the configuration any more: culvert reload");
    }

    /** What could be opened, but was not, is tried again later. */
    public void postponeFound(String why) {
        for (Connection waiting : connections.values()) {
            if (waiting.isFound() && !waitsForCarrier(waiting.current())) {
                waiting.postpone(why);
            }
        }
    }

    /** Why tunnels are not open, a line each. */
    public List<String> problems() {
        return connections.values().stream()
                .map(Connection::problem)
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    /**
     * Goes over to another configuration: tunnels come, go, and change; the others are left alone.
     * What one tunnel refuses does not keep the others from it.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    public void reload(RelayConfig wanted) throws ConnectionException {
        for (TunnelConfig tunnel : wanted.tunnels()) {
            for (Connection present : connections.values()) {
                present.refuseOtherMark(tunnel);
            }
        }
        List<String> refusals = new ArrayList<>();
        List<String> names = wanted.tunnels().stream().map(TunnelConfig::interfaceName).toList();
        for (String gone : List.copyOf(connections.keySet())) {
            if (!names.contains(gone)) {
                attempt(refusals, () -> leave(gone));
            }
        }
        ways.setRules(wanted.rules());
        for (TunnelConfig tunnel : order.carriersFirst(wanted.tunnels())) {
            reload(tunnel, wanted, refusals);
        }
        attempt(refusals, this::settleWays);
        if (!refusals.isEmpty()) {
            throw new ConnectionException(String.join("\n", refusals));
        }
    }

    private void reload(TunnelConfig tunnel, RelayConfig among, List<String> refusals) {
        Connection present = connections.get(tunnel.interfaceName());
        boolean waiting = present != null && present.isWaiting();
        if (present != null && waiting) {
            attempt(refusals, present::leave);
        }
        ways.put(tunnel);
        if (present != null && !waiting) {
            attempt(refusals, () -> present.reload(tunnel, among.namesServers(tunnel)));
            return;
        }
        attempt(
                refusals,
                () -> {
                    try {
                        open(tunnel, among);
                    } catch (ConnectionException refused) {
                        leave(tunnel.interfaceName());
                        throw refused;
                    }
                });
    }

    private void leave(String link) throws ConnectionException {
        Objects.requireNonNull(connections.remove(link)).leave();
    }

    @FunctionalInterface
    private interface Step {
        void take() throws ConnectionException;
    }

    private static void attempt(List<String> refusals, Step step) {
        try {
            step.take();
        } catch (ConnectionException refused) {
            refusals.add(String.valueOf(refused.getMessage()));
        }
    }

    /** Routes and rules once the choice of ways is another. */
    private void settleWays() throws ConnectionException {
        try {
            for (Connection connection : connections.values()) {
                connection.reroute();
            }
            policy.refresh();
        } catch (KillSwitchException | ErrnoException refused) {
            throw new ConnectionException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Looks after them: called again and again. */
    public void look() {
        long nowNs = System.nanoTime();
        connections.forEach(
                (link, connection) -> connection.look(choice.isReplaceable(link, nowNs)));
        boolean another = choice.look(nowNs);
        try {
            if (another) {
                settleWays();
            }
        } catch (ConnectionException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    /** When the uplinks may have changed. */
    public void followUplinks() {
        connections.values().forEach(Connection::followUplinks);
    }

    /** All of them, but of those that stand in for one another one will do. */
    public boolean isConnected() {
        return choice.isWhole();
    }

    /** Whether they may be relied on, and why not. */
    public Readiness readiness() {
        List<String> missing = choice.missing(System.nanoTime());
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
    public void renew() {
        connections.values().forEach(Connection::renew);
    }

    /** Whether any peer may be somewhere else, too. */
    public boolean haveElsewhere() {
        return connections.values().stream().anyMatch(Connection::hasElsewhere);
    }

    /** Whatever the present addresses answer: on to the next ones. */
    public void tryElsewhere() {
        connections.values().forEach(Connection::tryElsewhere);
    }

    /** Other configurations of these tunnels. */
    public Trials trials() {
        return trials;
    }

    /** Says what has been opened. */
    public void showBanners(RelayConfig config) {
        Banner.showProcess(policy.level());
        config.tunnels().forEach(this::showBanner);
    }

    private void showBanner(TunnelConfig tunnel) {
        Optional.ofNullable(connections.get(tunnel.interfaceName()))
                .flatMap(Connection::status)
                .map(TunnelStatus::datapath)
                .ifPresent(datapath -> Banner.show(tunnel, datapath));
    }

    /** In the order of their opening. */
    public List<TunnelStatus> status() {
        return connections.values().stream()
                .flatMap(connection -> connection.status().stream())
                .toList();
    }

    /** Takes them down, the inner ones first; rules and closed routes stay. */
    public void close() {
        List.copyOf(connections.values()).reversed().forEach(Connection::close);
    }
}

package dev.culvert.app.sidecar;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.IdleVariables;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.StrangeNames;
import dev.culvert.app.connection.ConnectionException;
import dev.culvert.app.connection.ConnectionSettings;
import dev.culvert.app.connection.SharedNamespace;
import dev.culvert.app.health.Health;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.policy.PolicyControl;
import dev.culvert.app.relay.Connections;
import dev.culvert.app.relay.RelayConfig;
import dev.culvert.app.routing.Ipv6Support;
import dev.culvert.app.routing.RouteControl;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.routing.Ways;
import dev.culvert.app.rules.NatRules;
import dev.culvert.app.status.ProcessStatus;
import dev.culvert.app.status.StatusReport;
import dev.culvert.app.status.Version;
import dev.culvert.app.tunnel.AeadSelection;
import dev.culvert.app.tunnel.Ending;
import dev.culvert.app.tunnel.Settings;
import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that owns kill switch and tunnels: it arms, opens, looks after them, closes. */
final class MainLoop {
    private static final Logger log = LoggerFactory.getLogger(MainLoop.class);

    private static final int CONNECTING_TICK_MS = 20;
    private static final int IDLE_TICK_MS = 1000;
    private static final long RETRY_NS = 10_000_000_000L;
    private static final long READY_TIMEOUT_NS = 15_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private final long startNs = System.nanoTime();
    private final Surroundings surroundings;
    private final SidecarSettings settings;
    private final Requests requests;
    private final Wakeups wakeups;
    private final Health health;
    private final RouteControl routes;
    private final SharedNamespace namespace;
    private List<String> problems = List.of();

    /** Worth trying again: a name that is not known yet, a link that is not up yet. */
    private boolean retryable;

    private long failedNs;
    private @Nullable Connections connections;

    MainLoop(
            Surroundings surroundings,
            SidecarSettings settings,
            Requests requests,
            Wakeups wakeups,
            Health health)
            throws ErrnoException {
        this.surroundings = surroundings;
        this.settings = settings;
        this.requests = requests;
        this.wakeups = wakeups;
        this.health = health;
        Rtnetlink rtnetlink = Rtnetlink.open();
        routes = new RouteControl(rtnetlink);
        Ways ways = new Ways(routes);
        PolicyControl policy =
                new PolicyControl(
                        new KillSwitch(settings.strictness()),
                        settings.exemptions(),
                        rtnetlink,
                        ways);
        namespace = new SharedNamespace(surroundings.root(), rtnetlink, policy, ways, new Ending());
    }

    /**
     * Runs to the end, which leaves the namespace closed.
     *
     * @param settingsProblems what was wrong with the environment: then it only arms
     * @param onReady is called once: when it is connected, or has tried for long
     * @return the exit status of the process
     */
    int run(List<String> settingsProblems, Runnable onReady) {
        try {
            if (arm()) {
                if (settingsProblems.isEmpty()) {
                    load();
                } else {
                    fail(settingsProblems);
                }
            }
            // The end of process 1 would be the end of the namespace that others share.
            if (connections == null && !surroundings.isInit()) {
                return 1;
            }
            return serve(onReady);
        } finally {
            health.end();
            close();
        }
    }

    private boolean arm() {
        try {
            namespace.policy().armed();
            return true;
        } catch (KillSwitchException | ErrnoException refused) {
            problems = List.of(String.valueOf(refused.getMessage()));
            problems.forEach(log::error);
            closeByRoutes();
            return false;
        }
    }

    /** What is left where there are no rules: no route leads out without the mark. */
    private void closeByRoutes() {
        boolean ipv6 = new Ipv6Support(surroundings.root()).inKernel();
        try {
            routes.applyAlone(RoutePlanner.sealed(RoutePlanner.DEFAULT_MARK, ipv6));
            log.error("no kill switch: the routes lead nowhere, but raw and bound sockets get out");
        } catch (ErrnoException refused) {
            log.error("not even the routes can be closed: {}", refused.getMessage());
        }
    }

    private void load() {
        ConnectionSettings connectionSettings;
        RelayConfig config;
        try {
            Settings tunnel = Settings.of(surroundings.environment());
            AeadSelection aead = AeadSelection.start(tunnel.aead());
            connectionSettings =
                    new ConnectionSettings(
                            settings, NatRules.of(surroundings.environment()), tunnel, aead);
            config = loadConfig();
        } catch (Settings.InvalidException | ConfigException invalid) {
            retryable = false;
            fail(lines(invalid));
            return;
        }
        Connections opening =
                new Connections(namespace, connectionSettings, surroundings.environment());
        try (config) {
            opening.open(config);
            connections = opening;
            problems = List.of();
            opening.showBanners(config);
        } catch (ConnectionException refused) {
            opening.close();
            retryable = true;
            failedNs = System.nanoTime();
            fail(lines(refused));
        }
    }

    private static List<String> lines(Exception of) {
        return List.of(String.valueOf(of.getMessage()).split("\n", -1));
    }

    private RelayConfig loadConfig() throws ConfigException {
        // First, since they may be why something is missing.
        StrangeNames.notices(surroundings.environment()).forEach(log::warn);
        IdleVariables.notices(surroundings.environment()).forEach(log::warn);
        RelayConfig config =
                RelayConfig.load(
                        surroundings.root(), surroundings.environment(), surroundings.arguments());
        config.tunnels().forEach(tunnel -> tunnel.notices().forEach(log::warn));
        return config;
    }

    private void fail(List<String> why) {
        problems = List.copyOf(why);
        problems.forEach(log::error);
        try {
            namespace.policy().failed();
        } catch (KillSwitchException | ErrnoException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    private int serve(Runnable onReady) {
        long servingSinceNs = System.nanoTime();
        boolean ready = false;
        while (!namespace.ending().isRequested()) {
            wakeups.await(tickMs());
            if (wakeups.takeLook()) {
                lookAtKernel();
            }
            Requests.Request request = requests.poll();
            if (request != null) {
                if (request.kind() == Requests.Kind.STOP) {
                    return 0;
                }
                request.reply().complete(answer(request));
            }
            if (connections != null) {
                connections.look();
                openFound(connections);
                if (!ready
                        && (connections.isConnected()
                                || System.nanoTime() - servingSinceNs >= READY_TIMEOUT_NS)) {
                    ready = true;
                    onReady.run();
                }
            }
            health.turned(readiness());
            if (surroundings.isInit()) {
                Zombies.reap();
            }
            if (connections == null && retryable && System.nanoTime() - failedNs >= RETRY_NS) {
                load();
            }
        }
        log.error("the tunnel has come to an end: its interface or its socket was removed");
        return 1;
    }

    /** Follows links, and puts right what others have changed. */
    private void lookAtKernel() {
        boolean done = attempt(this::follow);
        done &= attempt(namespace.ways()::restore);
        done &= attempt(namespace.policy()::repair);
        if (!done) {
            wakeups.lookSoon();
        }
    }

    private void follow() throws KillSwitchException, ErrnoException {
        namespace.policy().followUplinks();
        Connections present = connections;
        if (present != null) {
            present.followUplinks();
        }
    }

    @FunctionalInterface
    private interface Step {
        void take() throws KillSwitchException, ErrnoException;
    }

    private static boolean attempt(Step step) {
        try {
            step.take();
            return true;
        } catch (KillSwitchException | ErrnoException refused) {
            log.error("{}", refused.getMessage());
            return false;
        }
    }

    /** Tunnels that had to wait for names; their secrets are read again. */
    private void openFound(Connections present) {
        if (!present.wantsOpening()) {
            return;
        }
        try (RelayConfig config = loadConfig()) {
            present.openFound(config);
        } catch (ConfigException invalid) {
            present.postponeFound(String.valueOf(invalid.problems().getFirst()));
        }
    }

    /** Nothing is open that is not armed: opening arms first. */
    private Readiness readiness() {
        Connections present = connections;
        return present == null
                ? new Readiness(false, problems.isEmpty() ? "failed" : problems.getFirst())
                : present.readiness();
    }

    private int tickMs() {
        return connections != null && !connections.isConnected()
                ? CONNECTING_TICK_MS
                : IDLE_TICK_MS;
    }

    private Sidecar.Reply answer(Requests.Request request) {
        List<String> refused =
                switch (request.kind()) {
                    case RELOAD -> reload();
                    case TASK -> perform(request.task());
                    case STATUS, STOP -> List.of();
                };
        return new Sidecar.Reply(report(), refused);
    }

    private List<String> perform(Requests.Task task) {
        Connections present = connections;
        if (present == null) {
            return List.of("there is no tunnel");
        }
        try {
            task.run(present);
            return List.of();
        } catch (ConfigException | ConnectionException refused) {
            return lines(refused);
        }
    }

    /** A configuration with mistakes changes nothing. */
    private List<String> reload() {
        Connections present = connections;
        if (present == null) {
            load();
            return problems;
        }
        try (RelayConfig config = loadConfig()) {
            present.reload(config);
            problems = List.of();
            return List.of();
        } catch (ConfigException | ConnectionException refused) {
            List<String> lines = lines(refused);
            lines.forEach(log::error);
            return lines;
        }
    }

    private StatusReport report() {
        List<String> known = new ArrayList<>(problems);
        Connections present = connections;
        if (present != null) {
            known.addAll(present.problems());
        }
        return new StatusReport(
                Version.text(),
                present == null ? "failed" : present.isConnected() ? "connected" : "connecting",
                readiness(),
                (System.nanoTime() - startNs) / NS_PER_S,
                KernelStatus.killSwitch(namespace.rtnetlink(), known),
                present == null ? List.of() : present.status(),
                ProcessStatus.now(),
                known);
    }

    /** The rules stay, and let through even less than before. */
    private void close() {
        Connections present = connections;
        if (present != null) {
            try {
                namespace.policy().armed();
            } catch (KillSwitchException | ErrnoException refused) {
                log.error("{}", refused.getMessage());
            }
            present.close();
        }
        namespace.rtnetlink().close();
        wakeups.close();
    }
}

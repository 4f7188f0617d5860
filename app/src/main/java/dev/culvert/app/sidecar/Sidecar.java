package dev.culvert.app.sidecar;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.StrangeNames;
import dev.culvert.app.health.Health;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.relay.RelayConfig;
import dev.culvert.app.routing.RouteControl;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.rules.NatRule;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole of {@code culvert run}. {@link #run} is the owning thread's; the rest is any's. */
public final class Sidecar {
    private static final Logger log = LoggerFactory.getLogger(Sidecar.class);

    private static final int CONNECTING_TICK_MS = 20;
    private static final int IDLE_TICK_MS = 500;
    private static final int MAX_REQUESTS = 16;
    private static final int STOP_TIMEOUT_MS = 4000;
    private static final long RETRY_NS = 10_000_000_000L;
    private static final long READY_TIMEOUT_NS = 15_000_000_000L;
    private static final long NS_PER_S = 1_000_000_000L;

    private final long startNs = System.nanoTime();
    private final Surroundings surroundings;
    private final SidecarSettings settings;
    private final Ending ending = new Ending();
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>(MAX_REQUESTS);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Rtnetlink rtnetlink;
    private final PolicyControl policy;
    private final RouteControl routes;
    private final Ways ways;
    private final Health health;
    private List<String> problems = List.of();

    /** Worth trying again: a name that is not known yet, a link that is not up yet. */
    private boolean retryable;

    private long failedNs;
    private volatile int exitStatus = 1;
    private @Nullable Connections connection;

    /** What another thread wants from the owning one. */
    private record Request(Kind kind, Task task, CompletableFuture<Reply> reply) {
        enum Kind {
            STATUS,
            RELOAD,
            TASK,
            STOP
        }
    }

    /** Something to be done with the tunnels that are open. */
    @FunctionalInterface
    private interface Task {
        void run(Connections present) throws ConfigException, SidecarException;
    }

    /**
     * An answer to a request.
     *
     * @param report for a request of the status alone
     * @param problems empty: it was done
     */
    public record Reply(StatusReport report, List<String> problems) {}

    /**
     * Prepares it; nothing is touched before {@link #run}.
     *
     * @throws ErrnoException without a netlink socket there is nothing to be done
     */
    public Sidecar(Surroundings surroundings, SidecarSettings settings) throws ErrnoException {
        this.surroundings = surroundings;
        this.settings = settings;
        rtnetlink = Rtnetlink.open();
        routes = new RouteControl(rtnetlink);
        ways = new Ways(routes);
        policy =
                new PolicyControl(
                        new KillSwitch(settings.strictness()),
                        settings.exemptions(),
                        rtnetlink,
                        ways);
        health = new Health(ControlSocket.healthFile(surroundings));
    }

    /**
     * Runs to the end, which leaves the namespace closed.
     *
     * @param settingsProblems what was wrong with the environment: then it only arms
     * @param onReady is called once: when it is connected, or has tried for long
     * @return the exit status of the process
     */
    public int run(List<String> settingsProblems, Runnable onReady) {
        try {
            if (arm()) {
                if (settingsProblems.isEmpty()) {
                    load();
                } else {
                    fail(settingsProblems);
                }
            }
            // The end of process 1 would be the end of the namespace that others share.
            if (connection == null && !surroundings.isInit()) {
                return 1;
            }
            exitStatus = serve(onReady);
            return exitStatus;
        } finally {
            health.end();
            close();
            finished.countDown();
        }
    }

    private boolean arm() {
        try {
            policy.armed();
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
        try {
            routes.applyAlone(RoutePlanner.sealed(RoutePlanner.DEFAULT_MARK, surroundings.ipv6()));
            log.error("no kill switch: the routes lead nowhere, but raw and bound sockets get out");
        } catch (ErrnoException refused) {
            log.error("not even the routes can be closed: {}", refused.getMessage());
        }
    }

    private void load() {
        AeadSelection aead;
        Settings tunnelSettings;
        RelayConfig config;
        List<NatRule> natRules;
        try {
            tunnelSettings = Settings.of(surroundings.environment());
            aead = AeadSelection.start(tunnelSettings.aead());
            natRules = NatRules.of(surroundings.environment());
            config = loadConfig();
        } catch (Settings.InvalidException | ConfigException invalid) {
            retryable = false;
            fail(List.of(String.valueOf(invalid.getMessage()).split("\n", -1)));
            return;
        }
        Connections opening =
                new Connections(
                        surroundings,
                        settings,
                        natRules,
                        rtnetlink,
                        policy,
                        ways,
                        ending,
                        tunnelSettings,
                        aead);
        try (config) {
            opening.open(config);
            connection = opening;
            problems = List.of();
            opening.showBanners(config);
        } catch (SidecarException refused) {
            opening.close();
            retryable = true;
            failedNs = System.nanoTime();
            fail(List.of(String.valueOf(refused.getMessage()).split("\n", -1)));
        }
    }

    private RelayConfig loadConfig() throws ConfigException {
        RelayConfig config =
                RelayConfig.load(
                        surroundings.root(), surroundings.environment(), surroundings.arguments());
        StrangeNames.notices(surroundings.environment()).forEach(log::warn);
        config.tunnels().forEach(tunnel -> tunnel.notices().forEach(log::warn));
        return config;
    }

    private void fail(List<String> why) {
        problems = List.copyOf(why);
        problems.forEach(log::error);
        try {
            policy.failed();
        } catch (KillSwitchException | ErrnoException refused) {
            log.error("{}", refused.getMessage());
        }
    }

    private int serve(Runnable onReady) {
        long servingSinceNs = System.nanoTime();
        boolean ready = false;
        while (!ending.isRequested()) {
            Request request = null;
            try {
                request = requests.poll(tickMs(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return 1;
            }
            if (request != null) {
                if (request.kind() == Request.Kind.STOP) {
                    return 0;
                }
                request.reply().complete(answer(request));
            }
            if (connection != null) {
                connection.look();
                openFound(connection);
                if (!ready
                        && (connection.isConnected()
                                || System.nanoTime() - servingSinceNs >= READY_TIMEOUT_NS)) {
                    ready = true;
                    onReady.run();
                }
            }
            health.turned(readiness());
            if (surroundings.isInit()) {
                Zombies.reap();
            }
            if (connection == null && retryable && System.nanoTime() - failedNs >= RETRY_NS) {
                load();
            }
        }
        log.error("the tunnel has come to an end: its interface or its socket was removed");
        return 1;
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
        Connections present = connection;
        return present == null
                ? new Readiness(false, problems.isEmpty() ? "failed" : problems.getFirst())
                : present.readiness();
    }

    private int tickMs() {
        return connection != null && !connection.isConnected() ? CONNECTING_TICK_MS : IDLE_TICK_MS;
    }

    private Reply answer(Request request) {
        List<String> refused =
                switch (request.kind()) {
                    case RELOAD -> reload();
                    case TASK -> perform(request.task());
                    case STATUS, STOP -> List.of();
                };
        return new Reply(report(), refused);
    }

    private List<String> perform(Task task) {
        Connections present = connection;
        if (present == null) {
            return List.of("there is no tunnel");
        }
        try {
            task.run(present);
            return List.of();
        } catch (ConfigException | SidecarException refused) {
            return List.of(String.valueOf(refused.getMessage()).split("\n", -1));
        }
    }

    /** A configuration with mistakes changes nothing. */
    private List<String> reload() {
        Connections present = connection;
        if (present == null) {
            load();
            return problems;
        }
        try (RelayConfig config = loadConfig()) {
            present.reload(config);
            problems = List.of();
            return List.of();
        } catch (ConfigException | SidecarException refused) {
            List<String> lines = List.of(String.valueOf(refused.getMessage()).split("\n", -1));
            lines.forEach(log::error);
            return lines;
        }
    }

    private StatusReport report() {
        List<String> known = new ArrayList<>(problems);
        Connections present = connection;
        if (present != null) {
            known.addAll(present.problems());
        }
        return new StatusReport(
                Version.text(),
                present == null ? "failed" : present.isConnected() ? "connected" : "connecting",
                readiness(),
                (System.nanoTime() - startNs) / NS_PER_S,
                KernelStatus.killSwitch(rtnetlink, known),
                present == null ? List.of() : present.status(),
                ProcessStatus.now(),
                known);
    }

    /** What the main loop says of itself; for others to read. */
    public Health health() {
        return health;
    }

    /** Asks for the status and waits for it. */
    public Reply status() {
        return ask(Request.Kind.STATUS, Connections::look);
    }

    /** Reads the configuration again and goes over to it; waits for that. */
    public Reply reloaded() {
        return ask(Request.Kind.RELOAD, Connections::look);
    }

    /** Makes new sessions; the old ones are used until then. Waits for the first message. */
    public void renew() {
        ask(Request.Kind.TASK, Connections::renew);
    }

    /** Whether a peer has another address, or a name that may have one. */
    public boolean hasElsewhere() {
        AtomicBoolean found = new AtomicBoolean();
        ask(Request.Kind.TASK, present -> found.set(present.haveElsewhere()));
        return found.get();
    }

    /** Goes over to the next address of each peer's endpoint, and asks for its name again. */
    public void tryElsewhere() {
        ask(Request.Kind.TASK, Connections::tryElsewhere);
    }

    /** Of the tunnels that could have another configuration than the present one. */
    public List<Candidates> candidates() {
        List<Candidates> found = new ArrayList<>();
        ask(Request.Kind.TASK, present -> found.addAll(present.candidates()));
        return List.copyOf(found);
    }

    /**
     * Lets encrypted packets go to the peers of another configuration, too, and nothing else: the
     * present one stays in use. Until {@link #adopt} or {@link #abandon}.
     *
     * @return to be closed by the caller
     * @throws SidecarException it cannot be used
     */
    public Trial tryOut(String interfaceName, Path file) throws SidecarException {
        List<Trial> trials = new ArrayList<>();
        Reply reply =
                ask(Request.Kind.TASK, present -> trials.add(present.tryOut(interfaceName, file)));
        if (trials.isEmpty()) {
            throw new SidecarException(String.join("; ", reply.problems()));
        }
        return trials.getFirst();
    }

    /**
     * Goes over to the configuration that was tried.
     *
     * @throws SidecarException the one before is still in use
     */
    public void adopt(Trial trial) throws SidecarException {
        Reply reply = ask(Request.Kind.TASK, present -> present.adopt(trial));
        if (!reply.problems().isEmpty()) {
            throw new SidecarException(String.join("; ", reply.problems()));
        }
    }

    /** Closes the way to the peers of the configuration that was tried. */
    public void abandon(Trial trial) {
        ask(Request.Kind.TASK, present -> present.abandon(trial));
    }

    private Reply ask(Request.Kind kind, Task task) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (!requests.offer(new Request(kind, task, reply))) {
            throw new IllegalStateException("too many requests");
        }
        return reply.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Asks for the end and waits for it, not for ever. */
    public void stop() {
        requests.offer(
                new Request(Request.Kind.STOP, Connections::look, new CompletableFuture<>()));
        try {
            if (!finished.await(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                // It is still starting: what there is the kernel takes back.
                exitStatus = 0;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of the process: 0 after {@link #stop}. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The rules stay, and let through even less than before. */
    private void close() {
        Connections present = connection;
        if (present != null) {
            try {
                policy.armed();
            } catch (KillSwitchException | ErrnoException refused) {
                log.error("{}", refused.getMessage());
            }
            present.close();
        }
        rtnetlink.close();
    }
}

package dev.culvert.app.command;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.MonitoringSettings;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.SidecarVariable;
import dev.culvert.app.diagnose.Diagnosis;
import dev.culvert.app.http.Monitoring;
import dev.culvert.app.privilege.NetAdmin;
import dev.culvert.app.reconnect.Reconnection;
import dev.culvert.app.routing.HostNamespace;
import dev.culvert.app.rules.NatRules;
import dev.culvert.app.sidecar.ControlServer;
import dev.culvert.app.sidecar.Sidecar;
import dev.culvert.app.sidecar.Surroundings;
import dev.culvert.app.warmup.MappedPages;
import dev.culvert.tun.sys.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code culvert run}: the life of the sidecar's process. */
final class RunCommand {
    private static final int CLOSE_TIMEOUT_MS = 1000;

    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    private final String name;
    private final Surroundings surroundings;
    private final Runnable onReady;

    RunCommand(String name, Surroundings surroundings, Runnable onReady) {
        this.name = name;
        this.surroundings = surroundings;
        this.onReady = onReady;
    }

    int run() {
        SidecarSettings settings;
        MonitoringSettings monitoring;
        List<String> problems = new ArrayList<>();
        try {
            settings = NatRules.settings(surroundings.environment());
        } catch (ConfigException invalid) {
            settings = SidecarSettings.STRICTEST;
            invalid.problems().forEach(problem -> problems.add(problem.toString()));
        }
        try {
            monitoring = MonitoringSettings.of(surroundings.environment(), surroundings.root());
        } catch (ConfigException invalid) {
            monitoring = MonitoringSettings.NONE;
            invalid.problems().forEach(problem -> problems.add(problem.toString()));
        }
        boolean allowed = SidecarVariable.CULVERT_ALLOW_HOST_NETNS.isOn(surroundings.environment());
        if (HostNamespace.isCurrent(surroundings.root()) && !allowed) {
            System.err.println(
                    name
                            + ": this is the machine's own network namespace: the kill switch would"
                            + " cut off all of it. CULVERT_ALLOW_HOST_NETNS=1 allows that.");
            return 1;
        }
        // Not even as process 1 does it stay up then: what cannot be closed goes with the
        // container.
        if (NetAdmin.isMissing()) {
            System.err.println(
                    name
                            + ": CAP_NET_ADMIN is missing: no tunnel can be made and nothing closed."
                            + " Start the container with --cap-add NET_ADMIN");
            return 1;
        }
        try {
            Sidecar sidecar = new Sidecar(surroundings, settings);
            CountDownLatch closed = new CountDownLatch(1);
            try (ControlServer _ = ControlServer.start(surroundings, sidecar);
                    Monitoring _ = Monitoring.start(sidecar, monitoring);
                    Reconnection _ = Reconnection.start(sidecar, monitoring)) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(sidecar, closed), "end"));
                return sidecar.run(problems, () -> ready(sidecar));
            } finally {
                closed.countDown();
            }
        } catch (ErrnoException | ControlServer.InUseException refused) {
            System.err.println(name + ": " + refused.getMessage());
            return 1;
        }
    }

    /** On a thread of its own: the main loop has to answer meanwhile. */
    private void ready(Sidecar sidecar) {
        onReady.run();
        MappedPages.releaseLater();
        if (Diagnosis.isEnabled(surroundings.environment())) {
            Thread.ofPlatform()
                    .daemon()
                    .name("diagnose")
                    .start(() ->
                            Diagnosis.of(
                                            surroundings.root(),
                                            surroundings.environment(),
                                            sidecar.status().report())
                                    .lines()
                                    .forEach(log::info));
        }
    }

    /** A signal, or the end of {@link #run}. The JVM would exit with 143 after SIGTERM. */
    private static void end(Sidecar sidecar, CountDownLatch closed) {
        sidecar.stop();
        try {
            if (!closed.await(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                System.err.println("closing took too long");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(sidecar.exitStatus());
    }
}

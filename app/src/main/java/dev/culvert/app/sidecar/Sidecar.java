package dev.culvert.app.sidecar;

import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.connection.ConnectionException;
import dev.culvert.app.connection.Trial;
import dev.culvert.app.health.Health;
import dev.culvert.app.relay.Candidates;
import dev.culvert.app.relay.Connections;
import dev.culvert.app.status.StatusReport;
import dev.culvert.tun.sys.ErrnoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The whole of {@code culvert run}. {@link #run} is the owning thread's; the rest is any's. */
public final class Sidecar {
    private static final int STOP_TIMEOUT_MS = 4000;

    private final Health health;
    private final Requests requests;
    private final MainLoop loop;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitStatus = 1;

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
        health = new Health(ControlSocket.healthFile(surroundings));
        Wakeups wakeups = Wakeups.open();
        requests = new Requests(wakeups::ring);
        loop = new MainLoop(surroundings, settings, requests, wakeups, health);
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
            exitStatus = loop.run(settingsProblems, onReady);
            return exitStatus;
        } finally {
            finished.countDown();
        }
    }

    /** What the main loop says of itself; for others to read. */
    public Health health() {
        return health;
    }

    /** Asks for the status and waits for it. */
    public Reply status() {
        return requests.status();
    }

    /** Reads the configuration again and goes over to it; waits for that. */
    public Reply reloaded() {
        return requests.reload();
    }

    /** Makes new sessions; the old ones are used until then. Waits for the first message. */
    public void renew() {
        requests.perform(Connections::renew);
    }

    /** Whether a peer has another address, or a name that may have one. */
    public boolean hasElsewhere() {
        AtomicBoolean found = new AtomicBoolean();
        requests.perform(present -> found.set(present.haveElsewhere()));
        return found.get();
    }

    /** Goes over to the next address of each peer's endpoint, and asks for its name again. */
    public void tryElsewhere() {
        requests.perform(Connections::tryElsewhere);
    }

    /** Of the tunnels that could have another configuration than the present one. */
    public List<Candidates> candidates() {
        List<Candidates> found = new ArrayList<>();
        requests.perform(present -> found.addAll(present.trials().candidates()));
        return List.copyOf(found);
    }

    /**
     * Lets encrypted packets go to the peers of another configuration, too, and nothing else: the
     * present one stays in use. Until {@link #adopt} or {@link #abandon}.
     *
     * @return to be closed by the caller
     * @throws ConnectionException it cannot be used
     */
    public Trial tryOut(String interfaceName, Path file) throws ConnectionException {
        List<Trial> trials = new ArrayList<>();
        Reply reply =
                requests.perform(
                        present -> trials.add(present.trials().tryOut(interfaceName, file)));
        if (trials.isEmpty()) {
            throw new ConnectionException(String.join("; ", reply.problems()));
        }
        return trials.getFirst();
    }

    /**
     * Goes over to the configuration that was tried.
     *
     * @throws ConnectionException the one before is still in use
     */
    public void adopt(Trial trial) throws ConnectionException {
        Reply reply = requests.perform(present -> present.trials().adopt(trial));
        if (!reply.problems().isEmpty()) {
            throw new ConnectionException(String.join("; ", reply.problems()));
        }
    }

    /** Closes the way to the peers of the configuration that was tried. */
    public void abandon(Trial trial) {
        requests.perform(present -> present.trials().abandon(trial));
    }

    /** Asks for the end and waits for it, not for ever. */
    public void stop() {
        requests.stop();
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
}

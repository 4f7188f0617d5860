package dev.culvert.app.reconnect;

import dev.culvert.app.config.ConnectionCheck;
import dev.culvert.app.config.MonitoringSettings;
import dev.culvert.app.config.Schedule;
import dev.culvert.app.sidecar.Sidecar;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the connection and makes new sessions when their schedules say so. A failed check asks for
 * a new handshake, which leaves the old session in use until it is complete; then for the next
 * address of the endpoint, if there is one or its name may have one; then for another
 * configuration. No more than that until the next time: nothing is restarted.
 */
public final class Reconnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reconnection.class);

    private static final long SETTLE_MS = 5000;
    private static final Duration MAX_SLEEP = Duration.ofMinutes(1);

    private final Sidecar sidecar;
    private final Thread[] threads;

    private Reconnection(Sidecar sidecar, MonitoringSettings settings) {
        this.sidecar = sidecar;
        threads =
                new Thread[] {
                    thread("check", () -> settings.check().ifPresent(this::checkForEver)),
                    thread("recreate", () -> settings.recreation().ifPresent(this::recreateForEver))
                };
        if (settings.check().isPresent()) {
            threads[0].start();
        }
        if (settings.recreation().isPresent()) {
            threads[1].start();
        }
    }

    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).unstarted(task);
    }

    /** Starts what has a schedule. */
    public static Reconnection start(Sidecar sidecar, MonitoringSettings settings) {
        return new Reconnection(sidecar, settings);
    }

    private void checkForEver(ConnectionCheck check) {
        ConnectionProbe probe = new ConnectionProbe(check.urls());
        try {
            while (await(check.schedule())) {
                check(probe, check);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void recreateForEver(Schedule schedule) {
        try {
            while (await(schedule)) {
                log.info("a new session, as scheduled");
                sidecar.renew();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** In steps: after a suspend, or when the clock was set, the rest is another one. */
    private static boolean await(Schedule schedule) throws InterruptedException {
        while (true) {
            Optional<Duration> left = schedule.untilNext(ZonedDateTime.now(ZoneId.systemDefault()));
            if (left.isEmpty()) {
                return false;
            }
            if (left.get().compareTo(MAX_SLEEP) <= 0) {
                Thread.sleep(left.get());
                return true;
            }
            Thread.sleep(MAX_SLEEP);
        }
    }

    private void check(ConnectionProbe probe, ConnectionCheck check) throws InterruptedException {
        Optional<String> failure = probe.failure();
        for (int i = 1; i < check.attempts() && failure.isPresent(); i++) {
            Thread.sleep(Duration.ofSeconds(check.intervalSeconds()));
            failure = probe.failure();
        }
        if (failure.isPresent()) {
            log.warn("the connection check failed ({}): a new handshake", failure.get());
            sidecar.renew();
            failure = settled(probe);
        }
        if (failure.isPresent() && sidecar.hasElsewhere()) {
            log.warn("the connection check failed ({}): the next address", failure.get());
            sidecar.tryElsewhere();
            failure = settled(probe);
        }
        if (failure.isPresent()) {
            failure = new NextConfiguration(sidecar).find(failure, () -> settled(probe));
        }
        failure.ifPresent(why -> log.error("the connection check fails: {}", why));
        sidecar.health().object(failure.map(why -> "the connection check fails: " + why));
    }

    private static Optional<String> settled(ConnectionProbe probe) throws InterruptedException {
        Thread.sleep(SETTLE_MS);
        return probe.failure();
    }

    @Override
    public void close() {
        for (Thread thread : threads) {
            thread.interrupt();
        }
    }
}

package dev.culvert.app.http;

import dev.culvert.app.config.MonitoringSettings;
import dev.culvert.app.health.Health;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.metrics.Metrics;
import dev.culvert.app.sidecar.Sidecar;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what others want to know of a sidecar. It begins after the sidecar's first turn: the way
 * to a tunnel waits for nothing here. Without its address the sidecar goes on.
 */
public final class Monitoring implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Monitoring.class);

    private final Sidecar sidecar;
    private final MonitoringSettings settings;
    private final Thread thread;
    private final Reports reports;
    private final List<HttpEndpoint> endpoints = new ArrayList<>();
    private @Nullable Metrics metrics;
    private boolean closed;

    private Monitoring(Sidecar sidecar, MonitoringSettings settings) {
        this.sidecar = sidecar;
        this.settings = settings;
        reports = new Reports(sidecar);
        thread = Thread.ofPlatform().daemon().name("monitoring").unstarted(this::open);
    }

    /** Starts, and returns at once. */
    public static Monitoring start(Sidecar sidecar, MonitoringSettings settings) {
        Monitoring monitoring = new Monitoring(sidecar, settings);
        monitoring.thread.start();
        return monitoring;
    }

    private void open() {
        try {
            sidecar.health().awaitFirstTurn();
        } catch (InterruptedException closing) {
            return;
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            settings.metricsAddress()
                    .ifPresent(address -> open("metrics", address, pages(sidecar.health())));
            settings.statusAddress()
                    .ifPresent(address ->
                            open(
                                    "status page",
                                    address,
                                    new StatusPage(settings.statusToken(), reports::get).pages()));
        }
    }

    private void open(String name, InetSocketAddress address, Map<String, Page> pages) {
        try {
            endpoints.add(HttpEndpoint.open(name, address, pages));
        } catch (IOException refused) {
            log.warn("{} cannot be served at {}: {}", name, address, refused.getMessage());
        }
    }

    private Map<String, Page> pages(Health health) {
        return Map.of(
                "/livez", request -> live(health),
                "/readyz", request -> ready(health),
                "/metrics", request -> metrics());
    }

    /** Micrometer is loaded by the first scrape, not by the start. */
    private Response metrics() {
        Metrics present;
        synchronized (this) {
            present = metrics == null ? new Metrics() : metrics;
            metrics = present;
        }
        return new Response(200, Metrics.CONTENT_TYPE, present.of(reports.get()), Map.of());
    }

    private static Response live(Health health) {
        return health.isLive()
                ? Response.text(200, "live\n")
                : Response.text(503, "the main loop hangs\n");
    }

    private static Response ready(Health health) {
        Readiness readiness = health.readiness();
        return Response.text(readiness.ready() ? 200 : 503, readiness.why() + "\n");
    }

    @Override
    public void close() {
        thread.interrupt();
        synchronized (this) {
            closed = true;
            endpoints.forEach(HttpEndpoint::close);
        }
    }
}

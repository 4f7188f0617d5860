package dev.culvert.app.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening address with read-only pages below it. Requests beyond a few at a time wait. */
public final class HttpEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpEndpoint.class);

    private static final int THREADS = 2;
    private static final int MAX_WAITING = 32;
    private static final int IDLE_THREAD_S = 30;

    private final HttpServer server;
    private final ThreadPoolExecutor executor;

    private HttpEndpoint(HttpServer server, ThreadPoolExecutor executor) {
        this.server = server;
        this.executor = executor;
    }

    /**
     * Listens.
     *
     * @param name of its threads
     * @param pages by path
     * @throws IOException the address cannot be had
     */
    public static HttpEndpoint open(String name, InetSocketAddress address, Map<String, Page> pages)
            throws IOException {
        HttpServer server = HttpServer.create(address, MAX_WAITING);
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_THREAD_S,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MAX_WAITING),
                        task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
        executor.allowCoreThreadTimeOut(true);
        server.setExecutor(executor);
        server.createContext("/", exchange -> serve(exchange, pages));
        server.start();
        return new HttpEndpoint(server, executor);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private static void serve(HttpExchange exchange, Map<String, Page> pages) throws IOException {
        try (exchange) {
            send(exchange, response(exchange, pages));
        } catch (RuntimeException bug) {
            log.error("HTTP", bug);
        }
    }

    private static Response response(HttpExchange exchange, Map<String, Page> pages) {
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return Response.text(404, "not found\n");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Response.text(405, "read-only\n");
        }
        try {
            return page.get(exchange.getRequestHeaders());
        } catch (UncheckedIOException | IllegalStateException refused) {
            return Response.text(503, "not now\n");
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", response.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        response.headers().forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}

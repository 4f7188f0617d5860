package dev.culvert.app.sidecar;

import dev.culvert.app.diagnose.Diagnosis;
import dev.culvert.app.status.StatusReport;
import dev.culvert.tun.sys.Libc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what other culverts of the namespace ask, on a socket for its owner alone. A request is a
 * line; the answer is a line with an exit status, then text to the end. One thread accepts, each
 * connection has one of its own.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

    private static final int OWNER_ONLY = 0077;
    private static final int MAX_CONNECTIONS = 16;
    private static final int CLOSE_TIMEOUT_MS = 500;

    private final Surroundings surroundings;
    private final Sidecar sidecar;
    private final @Nullable Path path;
    private final @Nullable ServerSocketChannel channel;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);

    /** Another process has taken this namespace already. */
    public static final class InUseException extends Exception {
        private static final long serialVersionUID = 1L;

        private InUseException() {
            super("culvert runs in this network namespace already (see culvert status)");
        }
    }

    private ControlServer(
            Surroundings surroundings,
            Sidecar sidecar,
            @Nullable Path path,
            @Nullable ServerSocketChannel channel) {
        this.surroundings = surroundings;
        this.sidecar = sidecar;
        this.path = path;
        this.channel = channel;
    }

    /** Listens. Where there is no place for a socket the sidecar does without. */
    public static ControlServer start(Surroundings surroundings, Sidecar sidecar)
            throws InUseException {
        if (ControlClient.ask(surroundings, "ping").isPresent()) {
            throw new InUseException();
        }
        Path path = ControlSocket.path(surroundings);
        try {
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(path);
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            int umask = Libc.umask(OWNER_ONLY);
            try {
                channel.bind(UnixDomainSocketAddress.of(path));
            } finally {
                Libc.umask(umask);
            }
            ControlServer server = new ControlServer(surroundings, sidecar, path, channel);
            Thread.ofPlatform().daemon().name("control").start(() -> server.accept(channel));
            return server;
        } catch (IOException refused) {
            log.warn(
                    "no control socket ({}): status, reload and down will not reach this process",
                    refused.toString());
            return new ControlServer(surroundings, sidecar, null, null);
        }
    }

    private void accept(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try {
                SocketChannel connection = listening.accept();
                if (!connections.tryAcquire()) {
                    connection.close();
                    continue;
                }
                Thread.ofPlatform().daemon().name("control-client").start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(connection), StandardCharsets.UTF_8),
                            256);
            String request = in.readLine();
            byte[] answer = answer(request == null ? "" : request).getBytes(StandardCharsets.UTF_8);
            ByteBuffer buf = ByteBuffer.wrap(answer);
            while (buf.hasRemaining()) {
                connection.write(buf);
            }
        } catch (IOException left) {
            log.debug("control client: {}", left.getMessage());
        } finally {
            connections.release();
        }
    }

    private String answer(String request) {
        return switch (request) {
            case "ping" -> "0\n";
            case "status" -> {
                StatusReport report = sidecar.status().report();
                yield report.exitStatus() + "\n" + report.text();
            }
            case "status --json" -> {
                StatusReport report = sidecar.status().report();
                yield report.exitStatus() + "\n" + report.json();
            }
            case "diagnose" ->
                    "0\n"
                            + Diagnosis.of(
                                    surroundings.root(),
                                    surroundings.environment(),
                                    sidecar.status().report());
            case "reload" -> {
                Sidecar.Reply reply = sidecar.reloaded();
                yield reply.problems().isEmpty()
                        ? "0\nreloaded\n"
                        : "1\n" + String.join("\n", reply.problems()) + "\n";
            }
            case "down" -> {
                sidecar.stop();
                yield "0\nstopped; nothing leaves until disarm\n";
            }
            default -> "1\nunknown request\n";
        };
    }

    /** Waits for answers that are on their way: the one to "down" most of all. */
    @Override
    public void close() {
        try {
            if (!connections.tryAcquire(MAX_CONNECTIONS, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                log.debug("a control client does not read its answer");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            if (channel != null && path != null) {
                channel.close();
                Files.deleteIfExists(path);
            }
        } catch (IOException gone) {
            log.debug("control socket: {}", gone.getMessage());
        }
    }
}

package dev.culvert.app.uapi;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.sys.SocketConstants;
import dev.culvert.tun.sys.ThreadEnd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections until it is closed, and looks once a second whether its file is still there.
 */
public final class UapiServer implements AutoCloseable {
    /** With one more, the connection that was silent for the longest time is closed. */
    static final int MAX_CONNECTIONS = 8;

    private static final int REMOVAL_CHECK_MS = 1000;
    private static final Logger log = LoggerFactory.getLogger(UapiServer.class);

    private final UapiSocket socket;
    private final UapiDevice device;
    private final Runnable onRemoved;
    private final Thread thread;
    private final int stopFd;
    private final List<UapiConnection> connections = new ArrayList<>();
    private boolean stopping;

    /**
     * @param socket closed with this server
     * @param onRemoved called once, by the accepting thread, when the socket file was removed
     */
    public UapiServer(UapiSocket socket, UapiDevice device, Runnable onRemoved) {
        this.socket = socket;
        this.device = device;
        this.onRemoved = onRemoved;
        this.stopFd = Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        this.thread = Thread.ofPlatform().daemon().name("uapi").unstarted(this::accept);
    }

    /** Connections that came since the socket was published are served from now on. */
    public void start() {
        thread.start();
    }

    private void accept() {
        boolean removalReported = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(2 * PollFd.SIZE_BYTES);
            PollFd.set(polled, 0, 0, socket.fd(), PollFd.POLLIN);
            PollFd.set(polled, 0, 1, stopFd, PollFd.POLLIN);
            while (true) {
                int ready = Libc.poll(polled, 0, 2, REMOVAL_CHECK_MS);
                if (PollFd.returnedEvents(polled, 0, 1) != 0) {
                    return;
                }
                if (ready > 0) {
                    int fd = Libc.accept4(socket.fd(), SocketConstants.SOCK_CLOEXEC);
                    if (fd >= 0) {
                        serve(fd);
                    } else if (fd == -Errno.EMFILE || fd == -Errno.ENFILE) {
                        evict(); // the next round has a descriptor
                    }
                }
                if (!removalReported && socket.isRemoved()) {
                    removalReported = true;
                    onRemoved.run();
                }
            }
        }
    }

    private void serve(int fd) {
        synchronized (connections) {
            if (stopping) {
                Libc.close(fd);
                return;
            }
            if (connections.size() >= MAX_CONNECTIONS) {
                evict();
            }
            UapiConnection connection = new UapiConnection(fd, device);
            connections.add(connection);
            Thread.ofPlatform()
                    .daemon()
                    .name("uapi-client")
                    .start(() -> {
                        try {
                            connection.run();
                        } catch (RuntimeException bug) {
                            log.error("UAPI connection", bug);
                        } finally {
                            forget(connection);
                        }
                    });
        }
    }

    private void evict() {
        synchronized (connections) {
            connections.stream()
                    .filter(connection -> !connection.isShutDown())
                    .min(Comparator.comparingLong(UapiConnection::lastActiveNs))
                    .ifPresent(UapiConnection::shutDown);
        }
    }

    private void forget(UapiConnection connection) {
        synchronized (connections) {
            connections.remove(connection);
            connection.close();
        }
    }

    /** Any thread but the accepting one: waits for that. */
    @Override
    public void close() {
        synchronized (connections) {
            stopping = true;
            connections.forEach(UapiConnection::shutDown);
        }
        Libc.eventfdSignal(stopFd);
        ThreadEnd.await(thread);
        socket.close();
        Libc.close(stopFd);
    }
}

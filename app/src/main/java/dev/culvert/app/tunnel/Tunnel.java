package dev.culvert.app.tunnel;

import dev.culvert.app.uapi.UapiServer;
import dev.culvert.app.uapi.UapiSocket;
import dev.culvert.app.uapi.UapiSocketException;
import dev.culvert.app.warmup.MappedPages;
import dev.culvert.app.warmup.WarmUp;
import dev.culvert.datapath.Datapath;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.tun.TunDevice;
import dev.culvert.tun.TunException;
import dev.culvert.tun.TunMonitor;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.wg.aead.AeadProvider;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tunnel. It is opened once, by the main thread, and closed once, by any thread; closing waits
 * until opening has come to an end.
 */
public final class Tunnel implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);

    private final Ending ending;

    /** What is open, in reverse. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /**
     * Whether others configure it by its UAPI socket. Then there has to be one, and who waits for
     * it sends packets next. Its own process does without, and waits for nothing.
     */
    private final boolean configuredBySocket;

    private final Path socketDirectory;
    private final TunSource tunSource;
    private @Nullable TunDevice tun;
    private @Nullable Datapath datapath;
    private boolean closed;

    /** Where the TUN device comes from. */
    @FunctionalInterface
    private interface TunSource {
        TunDevice open(String interfaceName, Settings settings) throws TunException;
    }

    /**
     * @param ending is asked for when the TUN device or the UAPI socket is removed
     */
    public Tunnel(Ending ending) {
        this(ending, true, UapiSocket.DIRECTORY, Tunnel::openTun);
    }

    private Tunnel(
            Ending ending, boolean configuredBySocket, Path socketDirectory, TunSource tunSource) {
        this.ending = ending;
        this.configuredBySocket = configuredBySocket;
        this.socketDirectory = socketDirectory;
        this.tunSource = tunSource;
    }

    /**
     * One that its own process configures: where there is no place for the UAPI socket, it does
     * without.
     */
    public static Tunnel withOptionalSocket(Ending ending) {
        return new Tunnel(ending, false, UapiSocket.DIRECTORY, Tunnel::openTun);
    }

    /**
     * One that nobody sees, for the rehearsal.
     *
     * @param standIn is closed with it
     * @param folder for its UAPI socket
     */
    public static Tunnel rehearsed(Ending ending, TunDevice standIn, Path folder) {
        return new Tunnel(ending, true, folder, (interfaceName, settings) -> standIn);
    }

    /** Once it is open. */
    public Datapath datapath() {
        return Objects.requireNonNull(datapath);
    }

    /** Once it is open: of its link. */
    public int linkIndex() {
        return Objects.requireNonNull(tun).linkIndex();
    }

    /** Once it is open: the name that its link was given. */
    public String interfaceName() {
        return Objects.requireNonNull(tun).name();
    }

    /**
     * Sets everything up. When it returns, the TUN device is there and the UAPI socket accepts;
     * when it throws, nothing is left.
     */
    public synchronized void open(String interfaceName, Settings settings, AeadSelection aead)
            throws TunnelException {
        if (closed) {
            return;
        }
        try {
            openAll(interfaceName, settings, aead);
        } catch (TunException
                | UapiSocketException
                | IllegalArgumentException
                | ErrnoException refused) {
            close();
            throw new TunnelException(String.valueOf(refused.getMessage()), refused);
        }
    }

    private void openAll(String interfaceName, Settings settings, AeadSelection aeadSelection)
            throws TunException, UapiSocketException, ErrnoException {
        WarmUp warmUp =
                settings.warmUp()
                        ? WarmUp.start(datapathSettings(settings), aeadSelection::await)
                        : null;
        TunDevice tun = opened(tunSource.open(interfaceName, settings));
        this.tun = tun;
        AeadProvider aead = aeadSelection.await();
        Datapath datapath =
                opened(
                        new Datapath(
                                tun,
                                aead,
                                new SecureRandom(),
                                datapathSettings(settings),
                                new DatapathEnd(ending)));
        this.datapath = datapath;
        datapath.start();
        if (warmUp != null) {
            warmUp.watch(() -> datapath.statistics().tunPacketsWritten());
        }
        if (configuredBySocket) {
            awaitHeadStart(warmUp);
        }
        UapiServer server = server(tun, datapath, settings);
        opened(TunMonitor.start(tun, new LinkChanges(datapath, ending)));
        if (server != null) {
            server.start();
        }
        log.debug(
                "{}: AEAD {}, I/O {}, TUN {}",
                tun.name(),
                aead.name(),
                datapath.statistics().ioEngine(),
                tun.vnetHeader() ? "with super-packets" : "packet by packet");
    }

    private static void awaitHeadStart(@Nullable WarmUp warmUp) {
        MappedPages.releaseLater();
        if (warmUp != null) {
            warmUp.awaitHeadStart();
        }
    }

    /** Null: there is no place for the socket, and it need not be. */
    private @Nullable UapiServer server(TunDevice tun, Datapath datapath, Settings settings)
            throws UapiSocketException, ErrnoException {
        UapiSocket socket;
        try {
            socket = socket(tun, settings);
        } catch (UapiSocketException refused) {
            if (configuredBySocket) {
                throw refused;
            }
            log.warn("{}: wg cannot show the tunnel", refused.getMessage());
            return null;
        }
        return opened(
                new UapiServer(
                        socket,
                        new TunnelConfiguration(datapath),
                        () -> {
                            log.info("{} was removed", socket);
                            ending.request(0);
                        }));
    }

    private UapiSocket socket(TunDevice tun, Settings settings) throws UapiSocketException {
        return settings.uapiFd().isPresent()
                ? UapiSocket.adopt(settings.uapiFd().getAsInt(), socketDirectory, tun.name())
                : UapiSocket.publish(socketDirectory, tun.name());
    }

    private static TunDevice openTun(String interfaceName, Settings settings) throws TunException {
        TunOffload offload = new TunOffload(settings.tunOffload(), settings.tunGro());
        return settings.tunFd().isPresent()
                ? TunDevice.adopt(settings.tunFd().getAsInt(), TunDevice.DEFAULT_MTU, offload)
                : TunDevice.open(interfaceName, TunDevice.DEFAULT_MTU, offload);
    }

    private static DatapathSettings datapathSettings(Settings settings) {
        return new DatapathSettings(
                settings.io(),
                settings.tunGro(),
                new UdpOffload(settings.udpGso(), settings.udpGro()),
                UdpAddresses.ANY);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    /** Removes socket and interface, zeroes the keys. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!open.isEmpty()) {
            AutoCloseable part = open.pop();
            try {
                part.close();
            } catch (Exception bug) {
                log.error("closing", bug);
            }
        }
    }
}

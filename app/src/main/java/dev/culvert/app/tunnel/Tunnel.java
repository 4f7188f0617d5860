package dev.culvert.app.tunnel;

import dev.culvert.app.rehearsal.WarmUp;
import dev.culvert.app.uapi.UapiServer;
import dev.culvert.app.uapi.UapiSocket;
import dev.culvert.app.uapi.UapiSocketException;
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
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
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

    private boolean closed;

    /**
     * @param ending is asked for when the TUN device or the UAPI socket is removed
     */
    public Tunnel(Ending ending) {
        this.ending = ending;
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
        TunDevice tun = opened(openTun(interfaceName, settings));
        AeadProvider aead = aeadSelection.await();
        Datapath datapath =
                opened(
                        new Datapath(
                                tun,
                                aead,
                                new SecureRandom(),
                                datapathSettings(settings),
                                new DatapathEnd(ending)));
        datapath.start();
        UapiSocket socket =
                settings.uapiFd().isPresent()
                        ? UapiSocket.adopt(
                                settings.uapiFd().getAsInt(), UapiSocket.DIRECTORY, tun.name())
                        : UapiSocket.publish(UapiSocket.DIRECTORY, tun.name());
        UapiServer server =
                opened(
                        new UapiServer(
                                socket,
                                new TunnelConfiguration(datapath),
                                () -> {
                                    log.info("{} was removed", socket);
                                    ending.request(0);
                                }));
        opened(TunMonitor.start(tun, new LinkChanges(datapath, ending)));
        server.start();
        if (settings.warmUp()) {
            WarmUp.start(
                    datapathSettings(settings),
                    aead,
                    () -> datapath.statistics().tunPacketsWritten());
        }
        log.info(
                "{}: AEAD {}, I/O {}, TUN {}",
                tun.name(),
                aead.name(),
                datapath.statistics().ioEngine(),
                tun.vnetHeader() ? "with super-packets" : "packet by packet");
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

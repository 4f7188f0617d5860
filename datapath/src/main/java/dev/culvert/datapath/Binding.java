package dev.culvert.datapath;

import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpBindException;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.datapath.udp.UdpPort;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.datapath.udp.UdpSocketPair;
import dev.culvert.tun.sys.Errno;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listen port and fwmark: the configured ones, and the sockets that are bound to them while the
 * device is up. A port that is asked for while it is down is bound at once, if it is free: what
 * peers send until the link is up waits in the socket, and is not refused, which would cost them
 * REKEY_TIMEOUT. Sockets are bound in the network namespace where the process was started, wherever
 * the TUN is moved to. Home thread.
 */
final class Binding {
    private static final Logger log = LoggerFactory.getLogger(Binding.class);

    private final UdpPort port;
    private final UdpOffload offload;
    private final UdpAddresses addresses;
    private final Consumer<List<UdpSocket>> receiver;

    /** 0: random at the next bind. Once bound, the port that it was, so that a rebind keeps it. */
    private int listenPort;

    /** Whether nobody asked for that port: another one will do as well. */
    private boolean anyPort = true;

    private int fwmark;

    /** Bound while the device is down: not received from, nor sent by. */
    private @Nullable UdpSocketPair early;

    /**
     * @param port where sending threads find the sockets
     * @param addresses what the sockets are bound to
     * @param receiver makes the I/O engine receive from these sockets and no others
     */
    Binding(
            UdpPort port,
            UdpOffload offload,
            UdpAddresses addresses,
            Consumer<List<UdpSocket>> receiver) {
        this.port = port;
        this.offload = offload;
        this.addresses = addresses;
        this.receiver = receiver;
    }

    int listenPort() {
        return listenPort;
    }

    /** Unsigned 32 bit. */
    int fwmark() {
        return fwmark;
    }

    /** Binds. Returns 0 or a positive errno: then nothing is bound. */
    int up() {
        if (port.bound() != null) {
            return 0;
        }
        UdpSocketPair bound = early;
        if (bound != null) {
            early = null;
            use(bound);
            return 0;
        }
        try {
            use(UdpSocketPair.bind(listenPort, fwmark, offload, addresses));
            return 0;
        } catch (UdpBindException e) {
            if (e.errno() != Errno.EADDRINUSE || !anyPort || listenPort == 0) {
                log.error("{}", e.getMessage());
                return e.errno();
            }
        }
        log.warn("UDP port {} was taken while the device was down", listenPort);
        listenPort = 0;
        return up();
    }

    /** Closes the sockets; a port that was random is kept for the next time. */
    void down() {
        dropEarly();
        UdpSocketPair before = port.replace(null);
        if (before != null) {
            receiver.accept(List.of());
            before.close();
        }
    }

    /**
     * Changes port and mark, at once when the sockets are bound.
     *
     * @param wantedPort 0: a random one
     * @return 0, or a positive errno: then nothing has changed
     */
    int change(int wantedPort, int wantedFwmark) {
        UdpSocketPair before = port.bound();
        boolean rebind = before != null && (wantedPort == 0 || wantedPort != listenPort);
        UdpSocketPair after = null;
        if (rebind) {
            try {
                after = UdpSocketPair.bind(wantedPort, wantedFwmark, offload, addresses);
            } catch (UdpBindException e) {
                log.error("{}", e.getMessage());
                return e.errno();
            }
        } else if (before != null && wantedFwmark != fwmark) {
            int errno = before.mark(wantedFwmark);
            if (errno != 0) {
                log.error(
                        "fwmark {}: {}", Integer.toUnsignedString(wantedFwmark), Errno.text(errno));
                before.mark(fwmark);
                return errno;
            }
        }
        anyPort = wantedPort == 0 || (anyPort && wantedPort == listenPort);
        listenPort = wantedPort;
        fwmark = wantedFwmark;
        if (after != null) {
            use(after);
            closeOld(before);
        }
        if (before == null) {
            bindEarly();
        }
        return 0;
    }

    /** What is refused now is asked for again when the device comes up, and reported then. */
    private void bindEarly() {
        dropEarly();
        if (anyPort) {
            return;
        }
        try {
            early = UdpSocketPair.bind(listenPort, fwmark, offload, addresses);
        } catch (UdpBindException e) {
            log.debug("not yet: {}", e.getMessage());
        }
    }

    private void dropEarly() {
        closeOld(early);
        early = null;
    }

    private void use(UdpSocketPair sockets) {
        listenPort = sockets.port();
        port.replace(sockets);
        receiver.accept(sockets.sockets());
    }

    private static void closeOld(@Nullable UdpSocketPair before) {
        if (before != null) {
            before.close();
        }
    }
}

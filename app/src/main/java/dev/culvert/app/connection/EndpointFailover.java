package dev.culvert.app.connection;

import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.sys.ErrnoException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another address for a peer that does not answer. */
final class EndpointFailover {
    private static final Logger log = LoggerFactory.getLogger(EndpointFailover.class);

    private final Reach reach;
    private final PeerWatches watches;

    EndpointFailover(Reach reach, PeerWatches watches) {
        this.reach = reach;
        this.watches = watches;
    }

    /**
     * Calls a peer at its next address, if it can be called.
     *
     * @param why goes into the log
     */
    void advance(PublicKey peer, String why, LiveTunnel tunnel)
            throws KillSwitchException, ErrnoException, ConnectionException {
        if (!reach.endpoints().knows(peer)) {
            return;
        }
        InetSocketAddress before = reach.endpoints().used().get(peer);
        reach.advance(peer);
        call(peer, why, before, tunnel);
        reach.settle();
        tunnel.connect();
    }

    /** Calls all peers at their next addresses. */
    void advanceAll(LiveTunnel tunnel)
            throws KillSwitchException, ErrnoException, ConnectionException {
        for (PeerConfig peer : reach.config().peers()) {
            PublicKey key = peer.publicKey();
            advance(key, key.toString(), tunnel);
        }
        tunnel.renew();
    }

    private void call(
            PublicKey peer, String why, @Nullable InetSocketAddress before, LiveTunnel tunnel)
            throws ConnectionException {
        InetSocketAddress next = reach.endpoints().used().get(peer);
        if (next != null) {
            log.warn(
                    "{}: calling {}{}",
                    why,
                    next.toString().replaceFirst(".*/", ""),
                    next.equals(before) ? " again" : "");
            tunnel.configure(EngineChange.endpoints(Map.of(peer, next)));
        }
    }

    /** Calls whoever does not answer where its name leads now, when names were asked for anew. */
    void takeNames(LiveTunnel tunnel, long nowNs)
            throws KillSwitchException, ErrnoException, ConnectionException {
        Optional<Endpoints> before = reach.takeNames();
        if (before.isEmpty()) {
            return;
        }
        Map<PublicKey, InetSocketAddress> usedBefore = before.get().used();
        for (Map.Entry<PublicKey, InetSocketAddress> used : reach.endpoints().used().entrySet()) {
            InetSocketAddress left = usedBefore.get(used.getKey());
            if (!used.getValue().equals(left) && !watches.isConnected(used.getKey(), nowNs)) {
                call(used.getKey(), "its name has another address", left, tunnel);
            }
        }
        reach.settle();
        tunnel.connect();
    }
}

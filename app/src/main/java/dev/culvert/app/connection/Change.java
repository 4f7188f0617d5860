package dev.culvert.app.connection;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.routing.Ways;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.sys.ErrnoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From one configuration of an open tunnel to another. */
final class Change {
    private static final Logger log = LoggerFactory.getLogger(Change.class);

    private final Ways ways;
    private final Reach reach;
    private final TunnelNetwork network;
    private final PeerWatches watches;

    Change(Ways ways, Reach reach, TunnelNetwork network, PeerWatches watches) {
        this.ways = ways;
        this.reach = reach;
        this.network = network;
        this.watches = watches;
    }

    /**
     * Goes over to another configuration. Sessions of peers that stay live on; old and new
     * endpoints are allowed until it is done. When this throws, the one before is in use.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    void to(TunnelConfig wanted, LiveTunnel tunnel) throws ConnectionException {
        Reach.Called before = reach.called();
        try {
            reach.change(wanted);
            tunnel.configure(
                    EngineChange.between(
                            before.config(),
                            wanted,
                            before.endpoints().used(),
                            reach.endpoints().used()));
            network.address(wanted, reach.endpoints().hosts(), tunnel);
            watches.keepOnly(wanted);
            reach.settle();
            network.route(wanted, tunnel);
            network.cross(tunnel);
            tunnel.connect();
            network.writeNameServers(wanted);
            if (!before.config().local().hooks().equals(wanted.local().hooks())) {
                log.warn(
                        "{}: the commands have changed: those for the way up are run at the next"
                                + " start",
                        wanted.source());
            }
        } catch (KillSwitchException
                | IllegalArgumentException
                | ConnectionException
                | ErrnoException refused) {
            ways.put(before.config());
            reach.restore(before);
            throw new ConnectionException(String.valueOf(refused.getMessage()), refused);
        }
    }
}

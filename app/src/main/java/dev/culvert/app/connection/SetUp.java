package dev.culvert.app.connection;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.policy.TunnelPolicy;
import dev.culvert.app.routing.Mark;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.app.tunnel.TunnelException;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.ErrnoException;

/** From a configuration to a tunnel that carries traffic. */
final class SetUp {
    private final ConnectionSettings settings;
    private final Rtnetlink rtnetlink;
    private final TunnelPolicy policy;
    private final Reach reach;
    private final TunnelNetwork network;

    SetUp(
            ConnectionSettings settings,
            Rtnetlink rtnetlink,
            TunnelPolicy policy,
            Reach reach,
            TunnelNetwork network) {
        this.settings = settings;
        this.rtnetlink = rtnetlink;
        this.policy = policy;
        this.reach = reach;
        this.network = network;
    }

    /**
     * Opens a tunnel. When this throws, closing the tunnel takes down what is there.
     *
     * @param wanted stays the caller's, who zeroes its secrets
     */
    LiveTunnel open(Tunnel tunnel, TunnelConfig wanted) throws ConnectionException {
        try {
            HookRunner.run("PreUp", wanted.local().hooks().preUp());
            network.prepare(wanted);
            reach.begin(wanted);
            tunnel.open(wanted.interfaceName(), settings.tunnel(), settings.aead());
            LiveTunnel opened = new LiveTunnel(tunnel, rtnetlink);
            policy.setTunnelIndex(opened.linkIndex());
            opened.configure(EngineChange.withoutEndpoints(wanted, Mark.of(wanted)));
            network.address(wanted, reach.endpoints().hosts(), opened);
            reach.settle();
            opened.up();
            network.route(wanted, opened);
            network.forward(opened);
            network.cross(opened);
            // Without a route, strict and loose reverse path filters drop the peer's answer.
            opened.configure(EngineChange.endpoints(reach.endpoints().used()));
            opened.connect();
            network.writeNameServers(wanted);
            HookRunner.run("PostUp", wanted.local().hooks().postUp());
            return opened;
        } catch (TunnelException
                | KillSwitchException
                | IllegalArgumentException
                | ErrnoException refused) {
            throw new ConnectionException(String.valueOf(refused.getMessage()), refused);
        }
    }
}

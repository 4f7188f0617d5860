package dev.culvert.app.sidecar;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;

/**
 * A sidecar with clients downstream and a web server beyond the tunnel.
 *
 * <pre>
 * client 10.20.0.2 --- router 172.28.0.3 (SNAT) --- 172.28.0.1 inside === tunnel === outside, web 203.0.113.80
 * </pre>
 */
final class GatewayLab implements AutoCloseable {
    static final String WEB = "203.0.113.80";
    static final String TUNNEL = SidecarLab.TUNNEL;
    static final String ROUTER = "172.28.0.3";
    static final String SECOND = "172.28.0.4";
    static final String STRANGER = "172.29.0.3";

    final SidecarLab lab = new SidecarLab();
    final NetworkNamespace router = NetworkNamespace.create("router");
    final NetworkNamespace client = NetworkNamespace.create("client");

    private final Veth downstream;

    GatewayLab() {
        downstream = Veth.connect(lab.inside, "172.28.0.1/24", router, ROUTER + "/24");
        downstream.addAddresses("172.29.0.1/24", STRANGER + "/24");
        router.run("ip", "address", "add", SECOND + "/24", "dev", downstream.rightLink());
        Veth.connect(router, "10.20.0.1/24", client, "10.20.0.2/24");
        router.run("ip", "route", "add", "default", "via", "172.28.0.1");
        client.run("ip", "route", "add", "default", "via", "10.20.0.1");
        router.sysctl("net.ipv4.ip_forward", "1");
        router.run(
                "nft",
                "add table ip nat; add chain ip nat out { type nat hook postrouting priority"
                        + " srcnat; }; add rule ip nat out ip saddr 10.20.0.0/24 snat to "
                        + ROUTER);
        lab.outside.run("ip", "link", "set", "lo", "up");
        lab.outside.run("ip", "address", "add", WEB + "/32", "dev", "lo");
    }

    /** The link towards the router, inside. */
    String downstream() {
        return downstream.leftLink();
    }

    /** Its far end, at the router. */
    String upstream() {
        return downstream.rightLink();
    }

    /** Lets the far end of the tunnel send to the downstream network. */
    void routeFromOutside() {
        lab.routeFromOutside("172.28.0.0/24");
    }

    /** Further addresses of the gateway and the router. */
    void addIpv6Downstream(String gateway, String host) {
        downstream.addAddresses(gateway, host).awaitLinkLocalAddresses();
    }

    RunningProcess connect(String... environment) {
        return lab.connect(environment);
    }

    @Override
    public void close() {
        client.close();
        router.close();
        lab.close();
    }
}

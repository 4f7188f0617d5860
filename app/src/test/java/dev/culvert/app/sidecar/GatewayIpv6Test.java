package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.netns.RunningProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Downstream clients of IPv6: NAT66 if the tunnel has an address of IPv6, else nothing. */
@Tag("netns")
final class GatewayIpv6Test {
    private static final String FORWARD_FROM = "FORWARD_FROM=172.28.0.0/24,fd28::/64";
    private static final String TUNNEL = "fd09::2";
    private static final String CLIENT = "fd28::3";
    private static final String STRANGER = "fd29::3";
    private static final String WEB = "2001:db8:80::80";
    private static final String URL = "http://[" + WEB + "]/";

    /** The web server's address as it stands in a packet. */
    private static final String WEB_IN_A_FRAME = " \u0001\r\u00b8\0\u0080";

    @AutoClose private final GatewayLab lab = new GatewayLab();

    @BeforeEach
    void setUp() throws Exception {
        lab.addIpv6Downstream("fd28::1/64", CLIENT + "/64");
        lab.addIpv6Downstream("fd29::1/64", STRANGER + "/64");
        lab.router.run("ip", "-6", "route", "add", "default", "via", "fd28::1");
        lab.lab.outside.run("ip", "address", "add", WEB + "/128", "dev", "lo");
        lab.lab.outside.run(
                "ip", "address", "add", "fd09::1/64", "dev", lab.lab.outsideInterface, "nodad");
        lab.lab.allow(TUNNEL + "/128");
        WebServer.serve(lab.lab.outside, 80);
    }

    private RunningProcess connect(String address, String allowedIps) {
        RunningProcess process =
                lab.lab.start(
                        lab.lab.write(
                                lab.lab
                                        .config()
                                        .replace("10.9.0.2/32", "10.9.0.2/32" + address)
                                        .replace("0.0.0.0/0", "0.0.0.0/0" + allowedIps)),
                        FORWARD_FROM);
        lab.lab.awaitConnected(process);
        return process;
    }

    private String curl(String source, String path) {
        return WebServer.curl(lab.router, URL + path, "--interface", source);
    }

    @Test
    void clientsLeaveWithTheTunnelsAddressAndStrangersAreRefused() throws Exception {
        RunningProcess culvert = connect(", " + TUNNEL + "/128", ", ::/0");

        assertEquals(TUNNEL + " client", curl(CLIENT, "client"));
        assertEquals(TUNNEL + " own", WebServer.curl(lab.lab.inside, URL + "own"));
        assertEquals(
                0, lab.router.exec("ping", "-c", "1", "-W", "2", "-I", CLIENT, WEB).exitCode());
        WebServer.assertRefusedAtOnce(lab.router, URL, "--interface", STRANGER);

        Capture uplink =
                new Capture(lab.lab.outside, lab.lab.outsideLink(), lab.lab.folder.resolve("up"));
        SidecarLab.kill(culvert);
        assertEquals("failed 7", curl(CLIENT, ""), "refused, not silently lost");
        assertEquals(0, uplink.count(WEB_IN_A_FRAME));
    }

    @Test
    void withoutAnAddressOfTheTunnelTheyAreRefused() throws Exception {
        Capture uplink =
                new Capture(lab.lab.outside, lab.lab.outsideLink(), lab.lab.folder.resolve("up"));
        connect("", ", ::/0");

        assertEquals("failed 7", curl(CLIENT, ""));
        assertEquals(0, uplink.count(WEB_IN_A_FRAME));
        assertEquals(
                GatewayLab.TUNNEL + " four",
                WebServer.curl(lab.client, "http://" + GatewayLab.WEB + "/four"));
    }
}

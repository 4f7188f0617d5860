package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Downstream clients through the tunnel, with real programs at both ends. */
@Tag("netns")
final class GatewayTest {
    private static final String FORWARD_FROM = "FORWARD_FROM=172.28.0.0/24";
    private static final String URL = "http://" + GatewayLab.WEB + "/";

    /** The web server's address as it stands in a packet. */
    private static final String WEB_IN_A_FRAME = "\u00cb\0qP";

    private static final String FORWARDING_6 = "/proc/sys/net/ipv6/conf/all/forwarding";

    @AutoClose private final GatewayLab lab = new GatewayLab();

    @Test
    void clientsLeaveWithTheTunnelsAddress() {
        WebServer.serve(lab.lab.outside, 80);
        lab.connect(FORWARD_FROM);

        assertEquals(GatewayLab.TUNNEL + " hello", WebServer.curl(lab.client, URL + "hello"));
        assertEquals(GatewayLab.TUNNEL + " router", WebServer.curl(lab.router, URL + "router"));
        assertEquals(GatewayLab.TUNNEL + " own", WebServer.curl(lab.lab.inside, URL + "own"));
        assertEquals(0, lab.client.exec("ping", "-c", "1", "-W", "2", GatewayLab.WEB).exitCode());
        String status = lab.lab.culvert("status").output();
        assertTrue(status.contains("TCP, "), status);
        String json = lab.lab.culvert("status", "--json").output();
        assertTrue(json.contains("\"tcp_mappings\":"), json);
    }

    @Test
    void strangersAreToldAtOnceThatTheyMayNotByNobodyButTheKernel() throws Exception {
        WebServer.serve(lab.lab.outside, 80);
        lab.connect(FORWARD_FROM);
        Capture told = new Capture(lab.router, lab.upstream(), lab.lab.folder.resolve("told"));

        WebServer.assertRefusedAtOnce(lab.router, URL, "--interface", GatewayLab.STRANGER);
        WebServer.assertRefusedAtOnce(lab.router, URL, "--interface", GatewayLab.STRANGER);
        Execution ping =
                lab.router.exec(
                        "ping", "-c", "1", "-W", "2", "-I", GatewayLab.STRANGER, GatewayLab.WEB);
        assertTrue(ping.output().contains("Packet filtered"), ping.output());
        String status = lab.lab.culvert("status").output();
        assertTrue(status.contains("held back:   forwarded 3"), status);

        String forged =
                """
                import socket, struct
                def sum(b):
                    s = 0
                    for i in range(0, len(b), 2): s += b[i] << 8 | b[i + 1]
                    return ~((s & 0xffff) + (s >> 16)) & 0xffff
                m = bytes([3, 13, 0, 0, 0, 0, 0, 0]) + b"stolen-goods" * 3
                m = m[:2] + struct.pack("!H", sum(m)) + m[4:]
                s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
                try:
                    s.sendto(m, ("172.29.0.3", 0))
                    print("sent")
                except OSError as refused:
                    print(refused)
                """;
        Execution sent = lab.lab.inside.exec("python3", "-c", forged);
        assertEquals(0, told.count("stolen-goods"), sent.output());
        assertTrue(told.count(WEB_IN_A_FRAME) > 0, "the capture works");
    }

    @Test
    void nothingIsForwardedWithoutBeingAskedTo() {
        WebServer.serve(lab.lab.outside, 80);
        lab.lab.inside.sysctl("net.ipv4.ip_forward", "1");
        lab.connect();

        assertEquals("failed 28", WebServer.curl(lab.router, URL));
    }

    @Test
    void pullingTheTunnelStopsAll() throws Exception {
        WebServer.serve(lab.lab.outside, 80);
        RunningProcess culvert = lab.connect(FORWARD_FROM);
        assertEquals(GatewayLab.TUNNEL + " up", WebServer.curl(lab.client, URL + "up"));

        Capture uplink =
                new Capture(lab.lab.outside, lab.lab.outsideLink(), lab.lab.folder.resolve("up"));
        SidecarLab.kill(culvert);
        String client = WebServer.curl(lab.client, URL);
        String router = WebServer.curl(lab.router, URL);
        Execution ping = lab.client.exec("ping", "-c", "3", "-i", "0.2", "-W", "1", GatewayLab.WEB);

        assertEquals(0, uplink.count(WEB_IN_A_FRAME));
        assertEquals("failed 7", client, "refused, not silently lost");
        assertEquals("failed 7", router);
        assertEquals(1, ping.exitCode());
    }

    @Test
    void ownAndForwardedFlowsOnTheSamePortsDoNotMix() {
        WebServer.serve(lab.lab.outside, 80);
        lab.connect(FORWARD_FROM);

        CompletableFuture<Boolean> own = asking(lab.lab.inside, "own");
        CompletableFuture<Boolean> forwarded = asking(lab.client, "forwarded");
        CompletableFuture<Boolean> second = asking(lab.router, "second");
        assertTrue(own.join() && forwarded.join() && second.join());
    }

    /** From the same few ports, again and again, some of them for a while. */
    private static CompletableFuture<Boolean> asking(NetworkNamespace from, String name) {
        return CompletableFuture.supplyAsync(() -> {
            boolean right = true;
            for (int i = 0; i < 10; i++) {
                String asked = "slow-" + name + "-" + i;
                String port = Integer.toString(40_000 + i);
                String said = WebServer.curl(from, URL + asked, "--local-port", port);
                right &= said.equals(GatewayLab.TUNNEL + " " + asked);
            }
            return right;
        });
    }

    @Test
    void oneClientThatTakesAllPortsLeavesTheOthersWorking() {
        WebServer.serve(lab.lab.outside, 80);
        lab.connect(FORWARD_FROM);
        String attack =
                """
                import socket
                for port in range(1024, 32000):
                    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    s.bind(("172.28.0.4", port))
                    s.sendto(b"x", ("203.0.113.80", 9))
                    s.close()
                """;
        Execution attacked = lab.router.exec("python3", "-c", attack);
        assertEquals(0, attacked.exitCode(), attacked.output());

        assertEquals(GatewayLab.TUNNEL + " on", WebServer.curl(lab.client, URL + "on"));
        assertEquals(GatewayLab.TUNNEL + " own", WebServer.curl(lab.lab.inside, URL + "own"));
        assertEquals(
                "failed",
                WebServer.curl(lab.router, URL, "--interface", GatewayLab.SECOND).substring(0, 6));
        String status = lab.lab.culvert("status").output();
        assertTrue(status.matches("(?s).*refused: +[1-9]\\d* of clients over their.*"), status);
    }

    @Test
    void aPortOfTheTunnelsAddressIsAClients() {
        WebServer.serve(lab.router, 8000);
        lab.connect("NAT_RULES=dnat tcp in %s :8080 to 172.28.0.3:8000".formatted(name()));

        assertEquals(
                SidecarLab.PEER + " in",
                WebServer.curl(lab.lab.outside, "http://" + GatewayLab.TUNNEL + ":8080/in"));
        assertTrue(
                WebServer.curl(lab.lab.outside, "http://" + GatewayLab.TUNNEL + ":8000/in")
                        .startsWith("failed"));
    }

    @Test
    void clientsOfTheTunnelReachALocalHostFromLowPorts() {
        WebServer.serve(lab.router, 2049);
        lab.router.run("ip", "route", "delete", "default");
        lab.routeFromOutside();
        lab.connect("NAT_RULES=masquerade from 10.9.0.0/24 out " + lab.downstream());

        String url = "http://" + GatewayLab.ROUTER + ":2049/";
        assertEquals(
                "172.28.0.1 nfs",
                WebServer.curl(lab.lab.outside, url + "nfs", "--interface", SidecarLab.PEER),
                "with the uplink's address");
        assertEquals(
                "172.28.0.1 700",
                WebServer.curl(
                        lab.lab.outside,
                        url + "port",
                        "--interface",
                        SidecarLab.PEER,
                        "--local-port",
                        "700"),
                "a low port stays low");
        assertTrue(
                WebServer.curl(lab.router, "http://" + SidecarLab.PEER + "/").startsWith("failed"),
                "not the other way round");
    }

    private String name() {
        return lab.lab.interfaceName;
    }

    @Test
    void aRuleAboutALinkThatIsNotThereOpensNothing() {
        RunningProcess culvert =
                lab.lab.start(
                        lab.lab.write(lab.lab.config()),
                        "NAT_RULES=masquerade from 10.9.0.0/24 out eth9");

        culvert.awaitOutput(
                "NAT_RULES: character 33: \"eth9\": there is no such interface", Dist.PATIENCE);
    }

    @Test
    void dnsOfClientsGoesThroughTheTunnel() throws Exception {
        try (DnsService dns = answering("redirect")) {
            assertTrue(resolves("8.8.8.8"), "somebody else's server");
            assertTrue(resolves("172.28.0.1"), "the gateway's own address");
            assertEquals(2, dns.questions());
        }
    }

    @Test
    void dnsThatIsAskedOfTheGatewayIsForwardedAndOtherServersAreNot() throws Exception {
        try (DnsService dns = answering("forward")) {
            assertTrue(resolves("172.28.0.1"), "the gateway's own address");
            assertFalse(resolves("8.8.8.8"), "a packet like all others: nobody is there");
            assertEquals(1, dns.questions());
        }
    }

    /** A name server beyond the tunnel, and a gateway that has it answer. */
    private DnsService answering(String gatewayDns) throws Exception {
        DnsService dns = new DnsService(lab.lab.outside, List.of("192.0.2.77"));
        lab.connect(
                FORWARD_FROM, "GATEWAY_DNS=" + gatewayDns, "GATEWAY_DNS_SERVER=" + SidecarLab.PEER);
        return dns;
    }

    @Test
    void forwardsByNetlinkWhereSettingsCannotBeWrittenAndSaysWhatItCannot() throws Exception {
        WebServer.serve(lab.lab.outside, 80);
        RunningProcess culvert =
                lab.lab.startMounted(
                        List.of("FORWARD_FROM=172.28.0.0/24;fd28::/64"),
                        "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"
                                + " && exec \"$@\"",
                        lab.lab.write(lab.lab.config()));
        lab.lab.awaitConnected(culvert);

        assertEquals(GatewayLab.TUNNEL + " up", WebServer.curl(lab.client, URL + "up"));
        culvert.awaitOutput(
                "IPv6 clients are not forwarded: net.ipv6.conf.all.forwarding is 0 and cannot be"
                        + " written. Start the container with --sysctl"
                        + " net.ipv6.conf.all.forwarding=1",
                Dist.PATIENCE);
        assertEquals("0", lab.lab.inside.run("cat", FORWARDING_6).strip(), "it stays closed");
    }

    private boolean resolves(String server) {
        String question =
                """
                import socket, sys
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.settimeout(3)
                q = b"\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\7example\\3org\\0\\0\\1\\0\\1"
                s.sendto(q, (sys.argv[1], 53))
                answer, who = s.recvfrom(512)
                print(who[0], ".".join(str(b) for b in answer[-4:]))
                """;
        return lab.client
                .exec("python3", "-c", question, server)
                .output()
                .strip()
                .equals(server + " 192.0.2.77");
    }
}

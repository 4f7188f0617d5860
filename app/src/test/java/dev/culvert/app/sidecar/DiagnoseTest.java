package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.RunningProcess;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code culvert diagnose} of tunnels that work, and that do not for a known reason. */
@Tag("netns")
final class DiagnoseTest {
    private static final int WEB = 8080;
    private static final String URL = "DIAGNOSTIC_URL=http://" + SidecarLab.PEER + ":" + WEB + "/";

    @AutoClose private final SidecarLab lab = new SidecarLab();
    private HttpServer exit;
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeEach
    void setUp() throws Exception {
        lab.inside.run("sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647");
        exit = lab.outside.callInside(() -> HttpServer.create(new InetSocketAddress(WEB), 1));
        exit.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    byte[] seen =
                            exchange.getRemoteAddress()
                                    .getAddress()
                                    .getHostAddress()
                                    .getBytes(StandardCharsets.US_ASCII);
                    exchange.sendResponseHeaders(200, seen.length);
                    exchange.getResponseBody().write(seen);
                    exchange.close();
                });
        exit.start();
    }

    @AfterEach
    void tearDown() {
        exit.stop(0);
    }

    private String config() {
        return lab.config().replace("[Peer]", "DNS = " + SidecarLab.PEER + "\n[Peer]");
    }

    private void connect() {
        RunningProcess process = lab.start(lab.write(config()), URL);
        lab.awaitConnected(process);
    }

    private String diagnose() throws Exception {
        String text = lab.ask("diagnose");
        assertFalse(text.contains(lab.privateKey), "no secret is shown");
        return text;
    }

    private static void assertLine(String text, String name, String part) {
        assertTrue(
                text.lines().anyMatch(line -> line.startsWith(name + ":") && line.contains(part)),
                name + " " + part + " in\n" + text);
    }

    @Test
    void showsAllOfATunnelThatWorks() throws Exception {
        connect();
        String text = diagnose();
        assertLine(text, "exit", "10.9.0.2 (http://10.9.0.1:8080/)");
        assertLine(text, "path mtu", "10.9.0.1 answers to packets of up to 1420 bytes");
        assertLine(text, "link", lab.interfaceName + " up mtu 1420");
        assertLine(text, "rule", "not fwmark 0xca6c lookup 51820");
        assertLine(text, "route", "0.0.0.0/0 dev " + lab.interfaceName);
        assertLine(text, "nftables", "table inet culvert");
        assertLine(text, "rule", "lookup main");
        assertLine(text, "link", "::1/128");
        assertFalse(text.contains("counter off-tunnel {"), "counters are in the status");
        assertLine(text, "nftables", "meta mark set (hidden)");
        assertLine(text, "offloads", "UDP segmentation on");
        assertLine(text, "dns", SidecarLab.PEER);
        assertLine(text, "likely", "nothing is wrong");
    }

    @Test
    void runLogsItOnceWhenItIsAskedTo() {
        RunningProcess process =
                lab.start(lab.write(config()), URL, "NETWORK_DIAGNOSTIC_ENABLED=true");
        process.awaitOutput("nothing is wrong", Dist.PATIENCE);

        String text = process.output();
        assertTrue(text.indexOf(" connected") < text.indexOf("exit: "), text);
        assertEquals(1, text.split("path mtu:", -1).length - 1, text);
        assertTrue(text.contains("10.9.0.2 (http://10.9.0.1:8080/)"), text);
        assertTrue(
                text.lines()
                        .filter(line -> line.contains("path mtu:"))
                        .allMatch(line -> line.startsWith("INFO: ")),
                text);
        assertFalse(text.contains(lab.privateKey), "no secret is shown");
    }

    @Test
    void runDoesNotDiagnoseUnasked() throws Exception {
        connect();
        Thread.sleep(2000);
        assertEquals(0, requests.get(), "nobody is asked for the exit address");
    }

    @Test
    void aWrongKeyLeavesNoHandshake() throws Exception {
        String wrong = lab.publicKey(lab.outside.run("wg", "genkey").strip());
        RunningProcess process =
                lab.start(lab.write(config().replace(lab.peerPublicKey, wrong)), URL);
        process.awaitOutput("interface up", Dist.PATIENCE);
        Thread.sleep(300);
        assertLine(diagnose(), "likely", "no answer at all: 192.0.2.2:51820 is not reachable");
    }

    @Test
    void aNarrowWayIsMeasured() throws Exception {
        connect();
        lab.outside.run("nft", "add table inet narrow");
        lab.outside.run("nft", "add chain inet narrow in { type filter hook input priority 0; }");
        lab.outside.run("nft", "add rule inet narrow in udp dport 51820 meta length > 1300 drop");
        assertLine(diagnose(), "likely", "bytes are lost: set MTU = 12");
    }

    @Test
    void aPeerThatDoesNotAllowOurAddressIsFound() throws Exception {
        connect();
        String link =
                java.util.Arrays.stream(
                                lab.outside.run("wg", "show", "interfaces").strip().split(" ", -1))
                        .filter(name ->
                                lab.outside.exec("ip", "link", "show", name).exitCode() == 0)
                        .findFirst()
                        .orElseThrow();
        lab.outside.run(
                "wg",
                "set",
                link,
                "peer",
                lab.publicKey(lab.privateKey),
                "allowed-ips",
                "10.99.0.1/32");
        assertLine(diagnose(), "likely", "AllowedIPs for us have to hold our Address");
    }
}

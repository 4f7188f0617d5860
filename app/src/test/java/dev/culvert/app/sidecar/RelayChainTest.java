package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay with three tunnels, a web server at each far end, and rules for who may call whom.
 *
 * <pre>
 * sites[0] 10.10.0.2 ==\
 * sites[1] 10.20.0.2 === relay 10.10.0.1, 10.20.0.1, 10.30.0.1
 * sites[2] 10.30.0.2 ==/
 * </pre>
 */
@Tag("netns")
final class RelayChainTest {
    private static final int SITES = 3;
    private static final int PORT = 51820;

    @TempDir Path folder;
    private NetworkNamespace relay;
    private final List<NetworkNamespace> sites = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> remoteLinks = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();

    @BeforeEach
    void setUp() throws Exception {
        relay = NetworkNamespace.create("relay");
        for (int i = 0; i < SITES; i++) {
            addSite(i);
        }
    }

    @AfterEach
    void tearDown() {
        sites.forEach(NetworkNamespace::close);
        relay.close();
        links.forEach(link -> Dist.socket(link).toFile().delete());
        remoteLinks.forEach(link -> Dist.socket(link).toFile().delete());
    }

    private static String network(int site) {
        return "10." + (10 * (site + 1)) + ".0.";
    }

    private static String host(int site) {
        return network(site) + "2";
    }

    private void addSite(int i) throws Exception {
        NetworkNamespace site = NetworkNamespace.create("site");
        sites.add(site);
        String uplink = "192.0." + (i + 1) + ".";
        Veth.connect(relay, uplink + "1/24", site, uplink + "2/24");
        String link = Dist.interfaceName();
        remoteLinks.add(link);
        Path key = Files.writeString(folder.resolve("site" + i), site.run("wg", "genkey"));
        String relayKey = site.run("wg", "genkey").strip();
        site.run(Dist.launcher().toString(), link);
        site.run(
                "wg",
                "set",
                link,
                "listen-port",
                Integer.toString(PORT),
                "private-key",
                key.toString(),
                "peer",
                publicKey(relayKey),
                "allowed-ips",
                "10.0.0.0/8");
        site.run("ip", "address", "add", host(i) + "/24", "dev", link);
        site.run("ip", "link", "set", link, "up");
        site.run("ip", "route", "add", "10.0.0.0/8", "dev", link);
        WebServer.serve(site, 80);

        links.add(Dist.interfaceName());
        String variable = "WG" + (i + 1) + "_";
        environment.add(variable + "INTERFACE=" + links.getLast());
        environment.add(variable + "PRIVATE_KEY=" + relayKey);
        environment.add(variable + "ADDRESS=" + network(i) + "1/32");
        environment.add(
                variable
                        + "PEERS=PublicKey="
                        + publicKey(Files.readString(key).strip())
                        + " Endpoint="
                        + uplink
                        + "2:"
                        + PORT
                        + " AllowedIPs="
                        + network(i)
                        + "0/24");
    }

    private String publicKey(String key) {
        return relay.run("sh", "-c", "echo " + key + " | wg pubkey").strip();
    }

    private RunningProcess run(String... rules) {
        List<String> all = new ArrayList<>(environment);
        all.addAll(List.of(rules));
        RunningProcess process = relay.start(all, Dist.launcher().toString(), "run");
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> relay.exec(Dist.launcher().toString(), "status").exitCode() == 0,
                process::output);
        return process;
    }

    private String ask(int from, String host, String what) {
        return WebServer.curl(sites.get(from), "http://" + host + "/" + what);
    }

    @Test
    void connectionsGoTheWayThatIsAllowedAndNoOther() throws Exception {
        WebServer.serve(sites.getFirst(), 8000);
        RunningProcess process =
                run(
                        "ROUTE_RULES=from 10.10.0.0/24 to 10.20.0.0/24 allow",
                        "NAT_RULES=masquerade from 10.10.0.0/24 out "
                                + links.get(2)
                                + "; dnat tcp in "
                                + links.get(1)
                                + " :8080 to 10.10.0.2:8000");

        assertEquals("10.10.0.2 allowed", ask(0, host(1), "allowed"));
        assertEquals("10.30.0.1 hidden", ask(0, host(2), "hidden"), "with the tunnel's address");
        assertEquals("10.20.0.2 dmz", ask(1, network(1) + "1:8080", "dmz"), "a port forward");
        assertEquals("failed 7", ask(1, host(0), ""), "not the other way");
        assertEquals("failed 7", ask(1, host(2), ""), "no rule");
        assertEquals("failed 28", ask(2, host(0), ""), "translation knows nobody there");
        assertEquals("failed 7", ask(2, host(1), ""), "no rule");
        assertEquals("failed 7", ask(2, network(2) + "1:8080", ""), "another tunnel's port");

        String status = relay.run(Dist.launcher().toString(), "status", "--json");
        assertFalse(status.contains("\"forwarded_packets\":0,"), status);
        assertFalse(status.contains("\"rejected_packets\":0}"), status);
        assertEquals(
                1,
                process.output().lines().filter(line -> line.contains("version: ")).count(),
                process.output());

        SidecarLab.kill(process);
        assertTrue(ask(0, host(1), "").startsWith("failed"));
    }

    @Test
    void withoutRulesNothingCrosses() {
        run();
        relay.sysctl("net.ipv4.ip_forward", "1");

        for (int from = 0; from < SITES; from++) {
            for (int to = 0; to < SITES; to++) {
                if (from != to) {
                    assertEquals("failed 7", ask(from, host(to), ""), from + " to " + to);
                }
            }
        }
        assertEquals("10.10.0.1 own", WebServer.curl(relay, "http://10.10.0.2/own"));
    }
}

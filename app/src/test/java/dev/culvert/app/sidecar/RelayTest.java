package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several tunnels in one process. */
@Tag("netns")
@Tag("leaktest")
final class RelayTest {
    private static final int SECOND_PORT = 51821;
    private static final String SECOND_PEER = "10.10.0.1";
    private static final String FAR_HOST = "10.50.0.1";
    private static final int ECHO = 9007;

    @AutoClose private final SidecarLab lab = new SidecarLab();
    private final String second = Dist.interfaceName();
    private final String secondOutside = Dist.interfaceName();
    private String secondKey = "";
    private String secondPeerKey = "";
    private NetworkNamespace site;

    @BeforeEach
    void setUp() throws Exception {
        secondKey = lab.outside.run("wg", "genkey").strip();
        secondPeerKey = lab.outside.run("wg", "genkey").strip();
        site = NetworkNamespace.create("relay");
        Veth.connect(lab.inside, "192.0.3.1/24", site, "192.0.3.2/24");
    }

    @AfterEach
    void tearDown() {
        site.close();
        Dist.socket(second).toFile().delete();
        Dist.socket(secondOutside).toFile().delete();
    }

    /** The far end of the second tunnel. */
    private void startSecondPeer(NetworkNamespace where, String allowedIps) {
        where.run(Dist.launcher().toString(), secondOutside);
        where.run(
                "wg",
                "set",
                secondOutside,
                "listen-port",
                Integer.toString(SECOND_PORT),
                "private-key",
                lab.file("second.key", secondPeerKey).toString(),
                "peer",
                lab.publicKey(secondKey),
                "allowed-ips",
                allowedIps);
        where.run("ip", "address", "add", SECOND_PEER + "/24", "dev", secondOutside);
        where.run("ip", "link", "set", secondOutside, "up");
    }

    private Path first(String allowedIps) {
        return lab.write(lab.config().replace("0.0.0.0/0", allowedIps));
    }

    private Path second(String endpoint, String allowedIps) {
        return lab.file(
                second + ".conf",
                """
                [Interface]
                PrivateKey = %s
                Address = 10.10.0.2/32
                [Peer]
                PublicKey = %s
                AllowedIPs = %s
                Endpoint = %s:%d
                PersistentKeepalive = 5
                """
                        .formatted(
                                secondKey,
                                lab.publicKey(secondPeerKey),
                                allowedIps,
                                endpoint,
                                SECOND_PORT));
    }

    private RunningProcess run(List<String> environment, Path... files) {
        List<String> command = new ArrayList<>(List.of(Dist.launcher().toString(), "run"));
        Arrays.stream(files).map(Path::toString).forEach(command::add);
        RunningProcess process = lab.inside.start(environment, command.toArray(String[]::new));
        NetworkNamespace.await(
                Dist.PATIENCE, () -> lab.culvert("status").exitCode() == 0, process::output);
        return process;
    }

    @Test
    void eachFileIsATunnelOfItsOwnAndNothingLeavesBesideThem() throws Exception {
        startSecondPeer(lab.outside, "10.10.0.2/32");
        RunningProcess process =
                run(List.of(), first("0.0.0.0/0"), second(SidecarLab.GATEWAY, "10.10.0.0/24"));
        Capture strays = lab.strays("udp dst port " + SECOND_PORT);

        lab.assertReaches(SidecarLab.PEER);
        lab.assertReaches(SECOND_PEER);
        Execution status = lab.culvert("status");
        assertTrue(status.output().contains(lab.interfaceName), status.output());
        assertTrue(status.output().contains(second), status.output());
        assertTrue(status.output().contains(lab.publicKey(secondPeerKey)), status.output());

        SidecarLab.kill(process);
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertFalse(lab.reaches(SECOND_PEER));
        assertEquals(List.of(), strays.frames());
        lab.disarm();
        lab.assertReaches(SidecarLab.GATEWAY);
    }

    @Test
    void aNameThatIsNotKnownYetKeepsNoOtherTunnelWaiting() throws Exception {
        startSecondPeer(lab.outside, "10.10.0.2/32");
        // Whoever asks there waits for an answer.
        lab.outside.run(
                "nft",
                "add table ip t; add chain ip t i { type filter hook input priority 0; }; add rule"
                        + " ip t i udp dport 53 drop");
        RunningProcess process =
                lab.inside.start(
                        Dist.launcher().toString(),
                        "run",
                        second("later.example.net", "10.10.0.0/24").toString(),
                        first("0.0.0.0/0").toString());
        NetworkNamespace.await(
                Duration.ofSeconds(4), () -> lab.reaches(SidecarLab.PEER), process::output);
        NetworkNamespace.await(
                Dist.PATIENCE,
                () ->
                        lab.culvert("status")
                                .output()
                                .contains(second + ": later.example.net cannot be resolved"),
                () -> lab.culvert("status").output());
        Capture strays = lab.strays("dst host " + SidecarLab.GATEWAY + " and dst port 53 or icmp6");
        assertFalse(lab.inside.run("ip", "link").contains(second));

        lab.outside.run("nft", "delete table ip t");
        try (DnsService _ = new DnsService(lab.outside, List.of(SidecarLab.GATEWAY))) {
            NetworkNamespace.await(
                    Dist.PATIENCE,
                    () -> lab.culvert("status").exitCode() == 0,
                    () -> lab.culvert("status").output() + process.output());
        }
        assertTrue(lab.culvert("status").output().contains("interface:   " + second));
        assertTrue(lab.reaches(SECOND_PEER));
        assertTrue(lab.reaches(SidecarLab.PEER));
        assertEquals(
                List.of(),
                strays.frames().stream().filter(frame -> !frame.contains(".51821:")).toList());
    }

    @Test
    void variablesWithNumbersAreTunnels() throws Exception {
        startSecondPeer(lab.outside, "10.10.0.2/32");
        run(
                List.of(
                        "WG1_INTERFACE=" + lab.interfaceName,
                        "WG1_PRIVATE_KEY=" + lab.privateKey,
                        "WG1_ADDRESS=10.9.0.2/32",
                        "WG1_PEERS=PublicKey="
                                + lab.peerPublicKey
                                + " Endpoint=192.0.2.2:51820 AllowedIPs=0.0.0.0/0",
                        "WG2_INTERFACE=" + second,
                        "WG2_CONFIG_FILE=" + second(SidecarLab.GATEWAY, "10.10.0.0/24")));

        lab.assertReaches(SidecarLab.PEER);
        lab.assertReaches(SECOND_PEER);
    }

    @Test
    void whatCannotBeInTwoTunnelsIsOneLineEachAndStaysClosed() throws Exception {
        Path one = lab.write(lab.config().replace("[Peer]", "ListenPort = 7000\n[Peer]"));
        Path two =
                lab.file(
                        second + ".conf",
                        lab.config().replace("[Peer]", "ListenPort = 7000\n[Peer]"));

        Execution ended =
                lab.inside
                        .start(
                                List.of("ROUTE_RULES=10.1.0.0/16 via nowhere"),
                                Dist.launcher().toString(),
                                "run",
                                one.toString(),
                                two.toString())
                        .await(Dist.PATIENCE);

        assertEquals(1, ended.exitCode(), ended.output());
        for (String line :
                List.of(
                        two + ":4: ListenPort: 7000 is that of " + one + ":4, too",
                        two + ":3: Address: 10.9.0.2/32 overlaps 10.9.0.2/32 of " + one + ":3",
                        two
                                + ":6: PublicKey: "
                                + lab.peerPublicKey
                                + " is that of a peer in "
                                + one
                                + ":6, too",
                        "ROUTE_RULES: character 17: \"nowhere\": there is no such tunnel")) {
            assertTrue(ended.output().contains(line), line + " in " + ended.output());
        }
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
    }

    @Test
    void reloadsBringTunnelsAndTakeThemAwayWhileOthersLiveOn() throws Exception {
        startSecondPeer(lab.outside, "10.10.0.2/32");
        Path configs = lab.folder.resolve("wg_confs");
        java.nio.file.Files.createDirectory(configs);
        Path one = first("0.0.0.0/0");
        Path two = second(SidecarLab.GATEWAY, "10.10.0.0/24");
        RunningProcess process =
                lab.startMounted(
                        List.of(),
                        "mkdir -p /config/wg_confs && mount --bind "
                                + configs
                                + " /config/wg_confs && cp "
                                + one
                                + " /config/wg_confs && exec \"$@\"");
        lab.awaitConnected(process);
        String handshake = lab.inside.run("wg", "show", lab.interfaceName, "latest-handshakes");

        java.nio.file.Files.copy(two, configs.resolve(second + ".conf"));
        assertEquals("reloaded", lab.ask("reload").strip(), process.output());
        NetworkNamespace.await(Dist.PATIENCE, () -> lab.reaches(SECOND_PEER), process::output);

        java.nio.file.Files.delete(configs.resolve(second + ".conf"));
        assertEquals("reloaded", lab.ask("reload").strip(), process.output());
        assertFalse(lab.inside.run("ip", "link").contains(second), "its link is gone");
        assertFalse(
                lab.inside.run("nft", "list", "ruleset").contains(Integer.toString(SECOND_PORT)),
                "its endpoint is closed");
        assertEquals(
                handshake, lab.inside.run("wg", "show", lab.interfaceName, "latest-handshakes"));
        lab.assertReaches(SidecarLab.PEER);
    }

    @Test
    void tunnelsAreClosedToOneAnotherButForWhatIsAllowed() throws Exception {
        startSecondPeer(site, "10.10.0.2/32,10.9.0.0/24");
        site.run("ip", "route", "add", "10.9.0.0/24", "dev", secondOutside);
        lab.routeFromOutside("10.10.0.0/24");
        Path[] files = {first("10.9.0.0/24"), second("192.0.3.2", "10.10.0.0/24")};

        RunningProcess closed = run(List.of(), files);
        lab.assertReaches(SidecarLab.PEER);
        lab.assertReaches(SECOND_PEER);
        lab.inside.sysctl("net.ipv4.ip_forward", "1");
        assertFalse(pings(lab.outside, SidecarLab.PEER, SECOND_PEER), "closed");
        lab.terminate(closed);

        run(List.of("ROUTE_RULES=from 10.9.0.0/24 to 10.10.0.0/24 allow"), files);
        assertTrue(pings(lab.outside, SidecarLab.PEER, SECOND_PEER), "allowed");
        assertFalse(pings(site, SECOND_PEER, SidecarLab.PEER), "not the other way");
    }

    private static boolean pings(NetworkNamespace from, String source, String address) {
        return from.exec("ping", "-c", "1", "-W", "1", "-I", source, address).exitCode() == 0;
    }

    @Test
    void aTunnelInATunnelHasItsEndpointThereAloneAndASmallerMtu() throws Exception {
        startSecondPeer(lab.outside, "10.10.0.2/32");
        RunningProcess process =
                run(List.of(), second(SidecarLab.PEER, "10.10.0.0/24"), first("10.9.0.0/24"));
        Capture strays = lab.strays("");

        lab.assertReaches(SECOND_PEER);
        assertTrue(lab.inside.run("ip", "link", "show", second).contains("mtu 1340"));
        assertEquals(
                0,
                lab.inside
                        .exec("ping", "-c", "1", "-W", "2", "-M", "do", "-s", "1312", SECOND_PEER)
                        .exitCode(),
                "a full packet");

        // A route alone that is taken away comes back, so somebody leads the outer tunnel's network
        // elsewhere: the inner one must not look for its endpoint there.
        lab.inside.run("ip", "route", "add", "default", "via", SidecarLab.GATEWAY, "table", "42");
        lab.inside.run("ip", "rule", "add", "pref", "42", "to", "10.9.0.0/24", "lookup", "42");
        assertTrue(
                lab.inside.run("ip", "route", "get", SidecarLab.PEER).contains(SidecarLab.GATEWAY));
        assertFalse(lab.reaches(SECOND_PEER), process.output());
        Thread.sleep(3000);
        assertEquals(List.of(), strays.frames());

        lab.inside.run("ip", "rule", "del", "pref", "42");
        NetworkNamespace.await(Dist.PATIENCE, () -> lab.reaches(SECOND_PEER), process::output);
    }

    @Test
    void aNetworkGoesByItsBackupWhileItsFirstWayIsSilentAndConnectionsLiveOn() throws Exception {
        startSecondPeer(lab.outside, "10.10.0.2/32,10.9.0.2/32");
        lab.outside.run("ip", "address", "add", FAR_HOST + "/32", "dev", "lo");
        lab.outside.run("ip", "route", "add", "10.9.0.0/24", "dev", secondOutside, "metric", "500");
        RunningProcess process =
                run(
                        List.of(
                                "ROUTE_RULES=10.50.0.0/24 via "
                                        + lab.interfaceName
                                        + " backup "
                                        + second),
                        lab.write(
                                lab.config().replace("0.0.0.0/0", "10.9.0.0/24,10.50.0.0/24")
                                        + "PersistentKeepalive = 5\n"),
                        second(SidecarLab.GATEWAY, "10.10.0.0/24,10.50.0.0/24"));
        assertEquals(lab.interfaceName, way());
        // Long enough for unanswered keepalives to look like a silent peer.
        Thread.sleep(27_000);
        assertFalse(process.output().contains(" goes by "), process.output());
        assertFalse(process.output().contains("no answer"), process.output());
        try (Echo echo = new Echo();
                Socket connection =
                        lab.inside.callInside(
                                () -> new Socket(InetAddress.ofLiteral(FAR_HOST), ECHO))) {
            connection.setSoTimeout(60_000);
            roundTrip(connection);

            lab.stopPeer();
            long startNs = System.nanoTime();
            connection.getOutputStream().write(1);
            NetworkNamespace.await(
                    Duration.ofSeconds(30), () -> way().equals(second), process::output);
            long failoverMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(failoverMs >= 9_500, "two handshakes had their time: " + failoverMs);
            assertTrue(failoverMs < 20_000, "as if there were no other way: " + failoverMs);
            // When TCP tries again is its own affair: it doubles the time between two attempts.
            assertEquals(1, connection.getInputStream().read());
            long breakMs = (System.nanoTime() - startNs) / 1_000_000;

            lab.startPeer();
            startNs = System.nanoTime();
            NetworkNamespace.await(
                    Duration.ofSeconds(30), () -> way().equals(lab.interfaceName), process::output);
            long returnMs = (System.nanoTime() - startNs) / 1_000_000;
            roundTrip(connection);
            Thread.sleep(5000);
            assertEquals(lab.interfaceName, way(), "it stays there");
            assertEquals(
                    2, process.output().lines().filter(line -> line.contains(" goes by ")).count());
            System.out.println(
                    "failover "
                            + failoverMs
                            + " ms, break "
                            + breakMs
                            + " ms, back "
                            + returnMs
                            + " ms");
            assertTrue(echo.isAlive());
        }
    }

    private static void roundTrip(Socket connection) throws IOException {
        connection.getOutputStream().write(1);
        assertEquals(1, connection.getInputStream().read());
    }

    /** The link by which the far host is reached now. */
    private String way() {
        return lab.inside
                .run("ip", "route", "get", FAR_HOST)
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll(".* dev (\\S+) .*", "$1");
    }

    /** Answers each byte with the same one. */
    private final class Echo implements AutoCloseable {
        private final ServerSocket socket;
        private final Thread thread;

        Echo() throws Exception {
            socket = lab.outside.callInside(() -> new ServerSocket(ECHO));
            thread = Thread.ofPlatform().daemon().start(this::serve);
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                    for (int b = connection.getInputStream().read();
                            b >= 0;
                            b = connection.getInputStream().read()) {
                        connection.getOutputStream().write(b);
                    }
                } catch (IOException ended) {
                    // The next connection, or the end.
                }
            }
        }

        boolean isAlive() {
            return thread.isAlive();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

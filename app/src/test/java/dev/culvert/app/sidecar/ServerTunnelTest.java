package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server, and clients by other programs: wireguard-go with wg, and wg-quick. Each client has an
 * uplink of its own to the server.
 *
 * <pre>
 * laptop 192.0.2.2 --- 192.0.2.1 server 198.51.100.1 --- 198.51.100.2 phone
 * </pre>
 */
@Tag("netns")
final class ServerTunnelTest {
    private static final String SERVER = "10.13.13.1";
    private static final String SERVER_V6 = "fd00:13::1";
    private static final int WEB = 8080;

    @TempDir Path folder;

    private final NetworkNamespace server = NetworkNamespace.create("server");
    private final NetworkNamespace laptop = NetworkNamespace.create("server");
    private final NetworkNamespace phone = NetworkNamespace.create("server");
    private final String interfaceName = Dist.interfaceName();
    private final String laptopInterface = Dist.interfaceName();
    private final String phoneInterface = Dist.interfaceName();
    private Path state;

    @BeforeEach
    void connectUplinks() throws Exception {
        state = Files.createDirectory(folder.resolve("state"));
        Veth.connect(server, "192.0.2.1/24", laptop, "192.0.2.2/24");
        Veth.connect(server, "198.51.100.1/24", phone, "198.51.100.2/24");
        laptop.run("ip", "route", "add", "default", "via", "192.0.2.1");
        phone.run("ip", "route", "add", "default", "via", "198.51.100.1");
    }

    @AfterEach
    void close() {
        laptop.close();
        phone.close();
        server.close();
        for (String name : List.of(interfaceName, laptopInterface, phoneInterface)) {
            Dist.socket(name).toFile().delete();
        }
    }

    private List<String> environment() {
        return List.of(
                "CULVERT_STATE_DIR=" + state,
                "WIREGUARD_INTERFACE=" + interfaceName,
                "SERVERURL=192.0.2.1",
                "PEERS=laptop",
                "INTERNAL_SUBNET=10.13.13.0,fd00:13::/64",
                "ALLOWEDIPS=10.13.13.0/24,fd00:13::/64");
    }

    private RunningProcess start() {
        RunningProcess process = server.start(environment(), Dist.launcher().toString(), "run");
        process.awaitOutput("waiting for clients", Dist.PATIENCE);
        return process;
    }

    private Execution client(String... words) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(environment());
        command.addAll(List.of(Dist.launcher().toString(), "client"));
        command.addAll(List.of(words));
        return server.exec(command.toArray(String[]::new));
    }

    private Path configuration(String name) {
        return state.resolve("peer_" + name).resolve("peer_" + name + ".conf");
    }

    /** By wireguard-go, wg and ip, with nothing but what the configuration says. */
    private void connectLaptop() throws Exception {
        Path stripped = folder.resolve("laptop.stripped");
        Files.writeString(
                stripped, laptop.run("wg-quick", "strip", configuration("laptop").toString()));
        laptop.run("wireguard-go", laptopInterface);
        laptop.run("wg", "setconf", laptopInterface, stripped.toString());
        laptop.addAddress(laptopInterface, "10.13.13.2/24");
        laptop.addAddress(laptopInterface, "fd00:13::2/64");
        laptop.run("ip", "link", "set", laptopInterface, "up");
    }

    private Path phoneConfiguration() throws Exception {
        return Files.copy(
                configuration("phone"),
                folder.resolve(phoneInterface + ".conf"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void connectPhone() throws Exception {
        phone.run(
                "env",
                "WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go",
                "wg-quick",
                "up",
                phoneConfiguration().toString());
    }

    private static boolean reaches(NetworkNamespace from, String address) {
        return from.exec("ping", "-c", "2", "-i", "0.2", "-W", "2", address).exitCode() == 0;
    }

    private static void assertReaches(NetworkNamespace from, String address) {
        Execution ping = from.exec("ping", "-c", "2", "-i", "0.2", "-W", "5", address);
        assertEquals(0, ping.exitCode(), ping.output());
    }

    @Test
    void aClientIsAddedWhileTheSessionOfAnotherLivesOn() throws Exception {
        start();
        connectLaptop();
        assertReaches(laptop, SERVER);
        assertReaches(laptop, SERVER_V6);
        String handshake = laptop.run("wg", "show", laptopInterface, "latest-handshakes");
        RunningProcess stream = laptop.start("ping", "-i", "0.05", "-c", "80", "-W", "2", SERVER);

        Execution added = client("add", "phone");
        assertEquals(0, added.exitCode(), added.output());
        connectPhone();
        assertReaches(phone, SERVER);
        assertReaches(phone, SERVER_V6);

        Execution pings = stream.await(Duration.ofSeconds(30));
        assertTrue(pings.output().contains("80 received"), pings.output());
        assertEquals(handshake, laptop.run("wg", "show", laptopInterface, "latest-handshakes"));
        assertTrue(!reaches(phone, "10.13.13.2"), "nothing is forwarded between clients");
        assertTrue(!reaches(server, "198.51.100.2"), "the kill switch holds");

        Execution removed = client("remove", "phone");
        assertEquals(0, removed.exitCode(), removed.output());
        assertTrue(!reaches(phone, SERVER), "who is removed is out at once");
        assertReaches(laptop, SERVER);
    }

    @Test
    void bothEndsReachTheOthersServices() throws Exception {
        RunningProcess process = start();
        assertEquals(0, client("add", "phone").exitCode());
        connectLaptop();
        connectPhone();
        try (TcpService _ = new TcpService(server, WEB);
                TcpService _ = new TcpService(phone, WEB)) {
            assertEquals("10.13.13.2", TcpService.ask(laptop, "", SERVER, WEB));
            assertEquals("10.13.13.3", TcpService.ask(phone, "", SERVER, WEB));
            assertEquals(SERVER, TcpService.ask(server, "", "10.13.13.3", WEB));
            assertEquals("", TcpService.ask(phone, "", "192.0.2.1", WEB), "not by the uplink");
        }
        assertTrue(process.process().isAlive());
    }

    @Test
    void aRestartKeepsKeysAndClientsComeBackByThemselves() throws Exception {
        RunningProcess first = start();
        String configuration = Files.readString(configuration("laptop"));
        connectLaptop();
        assertReaches(laptop, SERVER);
        first.process().destroy();
        assertEquals(0, first.await(Duration.ofSeconds(15)).exitCode());
        assertTrue(!reaches(laptop, SERVER));

        start();
        assertEquals(configuration, Files.readString(configuration("laptop")));
        NetworkNamespace.await(
                Duration.ofSeconds(30), () -> reaches(laptop, SERVER), () -> "no new session");
    }

    @Test
    void mistakesAreOneLineAndChangeNothing() throws Exception {
        start();
        String before = client("list").output();
        for (String[] words :
                new String[][] {
                    {"add", "laptop"},
                    {"add", "../laptop"},
                    {"add", "phone", "--public-key", "abc"},
                    {"add"},
                    {"remove", "phone"},
                    {"remove", "laptop"},
                    {"show", "phone"},
                    {"list", "phone"}
                }) {
            Execution refused = client(words);
            assertNotEquals(0, refused.exitCode(), refused.toString());
            assertEquals(1, refused.output().lines().count(), refused.toString());
        }
        assertEquals(before, client("list").output());
    }
}

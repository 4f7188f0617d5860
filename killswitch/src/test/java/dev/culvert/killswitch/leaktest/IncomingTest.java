package dev.culvert.killswitch.leaktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may come in from the uplink, and be answered. */
@Tag("netns")
@Tag("leaktest")
class IncomingTest {
    private static final int LISTED = 8080;
    private static final int UNLISTED = 9090;
    private static final int TIMEOUT_MS = 400;

    private final KillSwitch killSwitch = new KillSwitch(Strictness.STRICT);
    private UplinkLab lab;

    @BeforeEach
    void open() {
        lab = new UplinkLab();
        // A second machine outside, in the listed local network.
        lab.outside.run("ip", "address", "add", "192.168.1.1/32", "dev", "lo");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void apply(Policy policy) throws Exception {
        lab.inside.callInside(() -> killSwitch.apply(policy));
    }

    @Test
    void listedPortsAnswerAnybodyInEveryState() throws Exception {
        try (ServerSocket listed = listen(LISTED);
                ServerSocket unlisted = listen(UNLISTED)) {
            for (Policy policy : lab.policies(Policies.MANY).all()) {
                apply(policy);
                assertTrue(reaches(UplinkLab.OUTSIDE_V4, UplinkLab.INSIDE_V4, listed));
                assertThrows(
                        IOException.class,
                        () -> reaches(UplinkLab.OUTSIDE_V4, UplinkLab.INSIDE_V4, unlisted));
            }
        }
    }

    @Test
    void theLocalNetworkReachesEveryPortInEveryState() throws Exception {
        try (ServerSocket unlisted = listen(UNLISTED)) {
            for (Policy policy : lab.policies(Policies.MANY).all()) {
                apply(policy);
                assertTrue(reaches("192.168.1.1", UplinkLab.INSIDE_V4, unlisted));
                // fd77::1 is in fd00::/8.
                assertTrue(reaches(UplinkLab.OUTSIDE_V6, UplinkLab.INSIDE_V6, unlisted));
            }
        }
    }

    @Test
    void nothingIsReachedWithoutExemptions() throws Exception {
        try (ServerSocket listed = listen(LISTED)) {
            for (Policy policy : lab.policies(Exemptions.NONE).all()) {
                apply(policy);
                assertThrows(
                        IOException.class,
                        () -> reaches(UplinkLab.OUTSIDE_V4, UplinkLab.INSIDE_V4, listed));
            }
        }
    }

    @Test
    void datagramsToListedPortsAreAnswered() throws Exception {
        apply(lab.policies(Policies.MANY).connected());
        assertEquals("answered", converse(LISTED));
        assertEquals("silence", converse(UNLISTED));
    }

    @Test
    void endpointsAreHeard() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        String endpoint = Policies.ENDPOINT_V4.address().getHostAddress();
        lab.outside.run("ip", "address", "add", endpoint + "/32", "dev", "lo");
        try (DatagramSocket own = datagramSocket(lab.inside, UplinkLab.INSIDE_V4, 0)) {
            try (DatagramSocket peer =
                    datagramSocket(lab.outside, endpoint, Policies.ENDPOINT_V4.port())) {
                send(peer, own);
                own.receive(new DatagramPacket(new byte[100], 100));
            }
            try (DatagramSocket stranger = datagramSocket(lab.outside, endpoint, 4444)) {
                send(stranger, own);
                assertThrows(
                        IOException.class,
                        () -> own.receive(new DatagramPacket(new byte[100], 100)));
            }
        }
    }

    /** CVE-2019-14899: the neighbour must not even learn that it has guessed right. */
    @Test
    void threat17TheTunnelsAddressIsNotThereForNeighbours() throws Exception {
        lab.outside.run("ip", "route", "add", UplinkLab.TUNNEL_V4, "via", UplinkLab.INSIDE_V4);
        lab.outside.run(
                "ip", "-6", "route", "add", UplinkLab.TUNNEL_V6, "via", UplinkLab.INSIDE_V6);
        String[] pingV4 = {"ping", "-c1", "-W1", UplinkLab.TUNNEL_V4};
        String[] pingV6 = {"ping", "-c1", "-W1", UplinkLab.TUNNEL_V6};
        assertEquals(0, lab.outside.exec(pingV4).exitCode());
        assertEquals(0, lab.outside.exec(pingV6).exitCode());

        // Though everything is listed that can be, the source and the port among them.
        lab.outside.run("ip", "address", "add", "192.168.1.2/24", "dev", lab.farEnd);
        try (Capture capture = lab.capture();
                ServerSocket server = listen(LISTED)) {
            apply(lab.policies(Policies.MANY).connected());
            capture.drain();
            assertEquals(1, lab.outside.exec(pingV4).exitCode());
            assertEquals(1, lab.outside.exec(pingV6).exitCode());
            assertThrows(
                    IOException.class,
                    () -> reaches(UplinkLab.OUTSIDE_V4, UplinkLab.TUNNEL_V4, server));
            assertThrows(
                    IOException.class, () -> reaches("192.168.1.1", UplinkLab.TUNNEL_V4, server));
            List<Frame> answers =
                    capture.drain().stream()
                            .filter(frame -> !frame.arp() && frame.neighbourDiscovery() == 0)
                            .toList();
            assertEquals(List.of(), answers);
        }
    }

    @Test
    void threat17ArpDoesNotAnswerForTheTunnelsAddress() throws Exception {
        lab.outside.run("ip", "route", "add", UplinkLab.TUNNEL_V4 + "/32", "dev", lab.farEnd);
        lab.outside.exec("ping", "-c1", "-W1", UplinkLab.TUNNEL_V4);
        assertTrue(neighbourIsKnown(UplinkLab.TUNNEL_V4), "the kernel answers for all it has");

        apply(lab.policies(Policies.MANY).connected());
        lab.outside.run("ip", "neigh", "flush", "all");
        lab.outside.exec("ping", "-c1", "-W1", UplinkLab.TUNNEL_V4);
        assertFalse(neighbourIsKnown(UplinkLab.TUNNEL_V4));
        lab.outside.exec("ping", "-c1", "-W1", UplinkLab.INSIDE_V4);
        assertTrue(neighbourIsKnown(UplinkLab.INSIDE_V4));
    }

    private boolean neighbourIsKnown(String address) {
        return lab.outside.run("ip", "neigh", "show", address).contains("lladdr");
    }

    @Test
    void threat13ForwardsForNobody() throws Exception {
        try (NetworkNamespace client = NetworkNamespace.create("ks");
                Capture capture = lab.capture()) {
            Veth veth = Veth.connect(client, "10.9.0.2/24", lab.inside, "10.9.0.1/24");
            veth.addAddresses("fd09::2/64", "fd09::1/64");
            client.run("ip", "route", "add", "default", "via", "10.9.0.1");
            client.run("ip", "-6", "route", "add", "default", "via", "fd09::1");
            lab.inside.sysctl("net.ipv4.ip_forward", "1");
            lab.inside.sysctl("net.ipv6.conf.all.forwarding", "1");
            lab.outside.run("ip", "route", "add", "10.9.0.0/24", "via", UplinkLab.INSIDE_V4);
            lab.outside.run("ip", "-6", "route", "add", "fd09::/64", "via", UplinkLab.INSIDE_V6);
            for (String outside : List.of(UplinkLab.OUTSIDE_V4, UplinkLab.OUTSIDE_V6)) {
                NetworkNamespace.await(
                        Duration.ofSeconds(10),
                        () -> client.exec("ping", "-c1", "-W0.2", outside).exitCode() == 0,
                        () -> outside + " is not reached although the switch is off");
            }

            for (Policy policy : lab.policies(Policies.MANY).all()) {
                apply(policy);
                capture.drain();
                client.exec("ping", "-c1", "-W0.2", UplinkLab.OUTSIDE_V4);
                client.exec("ping", "-c1", "-W0.2", UplinkLab.OUTSIDE_V6);
                client.exec("ping", "-c1", "-W0.2", "192.168.1.1");
                List<Frame> leaks =
                        capture.drain().stream()
                                .filter(frame -> !frame.arp() && frame.neighbourDiscovery() == 0)
                                .toList();
                assertEquals(List.of(), leaks, policy.state());
            }
        }
    }

    private ServerSocket listen(int port) throws Exception {
        return lab.inside.callInside(() -> new ServerSocket(port));
    }

    /** Opens a connection and sends a byte each way. */
    private boolean reaches(String from, String to, ServerSocket server) throws Exception {
        server.setSoTimeout(TIMEOUT_MS);
        try (Socket client = lab.outside.callInside(Socket::new)) {
            // The socket itself is made when it is bound.
            lab.outside.runInside(() -> {
                client.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
                client.connect(
                        new InetSocketAddress(InetAddress.ofLiteral(to), server.getLocalPort()),
                        TIMEOUT_MS);
            });
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(TIMEOUT_MS);
                client.setSoTimeout(TIMEOUT_MS);
                client.getOutputStream().write('?');
                accepted.getOutputStream().write(accepted.getInputStream().read() + 1);
                return client.getInputStream().read() == '?' + 1;
            }
        }
    }

    private String converse(int port) throws Exception {
        try (DatagramSocket server = datagramSocket(lab.inside, UplinkLab.INSIDE_V4, port);
                DatagramSocket client = datagramSocket(lab.outside, UplinkLab.OUTSIDE_V4, 0)) {
            send(client, server);
            DatagramPacket question = new DatagramPacket(new byte[100], 100);
            server.receive(question);
            server.send(new DatagramPacket(new byte[] {33}, 1, question.getSocketAddress()));
            client.receive(new DatagramPacket(new byte[100], 100));
            return "answered";
        } catch (IOException timeout) {
            return "silence";
        }
    }

    private static DatagramSocket datagramSocket(
            NetworkNamespace namespace, String address, int port) throws Exception {
        DatagramSocket socket =
                namespace.callInside(() ->
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.ofLiteral(address), port)));
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    private static void send(DatagramSocket from, DatagramSocket to) throws IOException {
        from.send(new DatagramPacket(new byte[] {'?'}, 1, to.getLocalSocketAddress()));
    }
}

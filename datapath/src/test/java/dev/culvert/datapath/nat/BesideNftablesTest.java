package dev.culvert.datapath.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same flows through the kernel's masquerade and through ours: where both do it, they do it
 * alike.
 *
 * <pre>
 * clients 172.28.0.3, 172.28.0.4 --- router, masquerades as 10.9.0.1 --- servers 10.9.0.9, 10.9.0.10
 * </pre>
 */
@Tag("netns")
class BesideNftablesTest {
    private static final String SERVER = "10.9.0.9";
    private static final String STRANGER = "10.9.0.10";
    private static final int SERVICE = 7000;
    private static final int CLOSED = 7001;
    private static final int FLOWS = 60;

    private final NetworkNamespace clients = NetworkNamespace.create("natc");
    private final NetworkNamespace router = NetworkNamespace.create("natr");
    private final NetworkNamespace servers = NetworkNamespace.create("nats");
    private final Gateway gateway = new Gateway();
    private final List<DatagramSocket> open = new ArrayList<>();

    @BeforeEach
    void setUp() {
        Veth inside = Veth.connect(clients, Gateway.ALICE + "/24", router, "172.28.0.1/24");
        clients.run("ip", "address", "add", Gateway.BOB + "/24", "dev", inside.leftLink());
        clients.run("ip", "route", "add", "default", "via", "172.28.0.1");
        Veth outside = Veth.connect(router, Gateway.TUNNEL + "/24", servers, SERVER + "/24");
        servers.run("ip", "address", "add", STRANGER + "/24", "dev", outside.rightLink());
        router.sysctl("net.ipv4.ip_forward", "1");
        router.run(
                "nft",
                "add table ip nat; add chain ip nat out { type nat hook postrouting priority"
                        + " srcnat; }; add rule ip nat out oif "
                        + outside.leftLink()
                        + " masquerade");
    }

    @AfterEach
    void tearDown() {
        open.forEach(DatagramSocket::close);
        clients.close();
        router.close();
        servers.close();
    }

    private DatagramSocket socket(NetworkNamespace in, String address, int port) throws Exception {
        DatagramSocket socket =
                in.callInside(() -> new DatagramSocket(port, InetAddress.ofLiteral(address)));
        socket.setSoTimeout(300);
        open.add(socket);
        return socket;
    }

    private static void send(DatagramSocket from, String to, int port) throws IOException {
        from.send(
                new DatagramPacket(
                        new byte[8], 8, new InetSocketAddress(InetAddress.ofLiteral(to), port)));
    }

    /** The port that it came from, or -1: nothing came. */
    private static int received(DatagramSocket by) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        try {
            by.receive(packet);
            return packet.getPort();
        } catch (SocketTimeoutException nothing) {
            return -1;
        }
    }

    @Test
    void portsAnswersAndFiltersAreAlike() throws Exception {
        DatagramSocket server = socket(servers, SERVER, SERVICE);
        DatagramSocket stranger = socket(servers, STRANGER, SERVICE);
        Random random = new Random(5);
        List<String> used = new ArrayList<>();
        // Ports that one of the two chose for a flow at random: the other may keep them.
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < FLOWS; i++) {
            String client = random.nextBoolean() ? Gateway.ALICE : Gateway.BOB;
            int port = (random.nextBoolean() ? 600 : 6000) + random.nextInt(30);
            if (used.contains(client + port) || chosen.contains(port)) {
                continue;
            }
            used.add(client + port);
            DatagramSocket socket = socket(clients, client, port);
            send(socket, SERVER, SERVICE);
            int kernels = received(server);
            TestPacket packet = TestPacket.udp(client, port, SERVER, SERVICE);
            assertEquals(NatVerdict.FORWARD, gateway.send(packet));
            int ours = packet.sourcePort();

            String flow = client + ":" + port + " as " + kernels + " and " + ours;
            assertEquals(kernels == port, ours == port, flow);
            assertEquals(kernels < 1024, ours < 1024, flow);
            if (ours != port) {
                chosen.addAll(List.of(kernels, ours));
            }

            send(server, Gateway.TUNNEL, kernels);
            assertEquals(SERVICE, received(socket), flow);
            TestPacket answer = TestPacket.udp(SERVER, SERVICE, Gateway.TUNNEL, ours);
            assertEquals(NatVerdict.FORWARD, gateway.receive(answer), flow);
            assertEquals(client, answer.destination(), flow);
            assertEquals(port, answer.destinationPort(), flow);
            if (i % 10 == 0) {
                send(stranger, Gateway.TUNNEL, kernels);
                assertEquals(-1, received(socket), flow);
                TestPacket other = TestPacket.udp(STRANGER, SERVICE, Gateway.TUNNEL, ours);
                assertEquals(NatVerdict.DROP, gateway.receive(other), flow);
            }
        }
    }

    @Test
    void errorsReachTheClientThatCausedThem() throws Exception {
        DatagramSocket socket = socket(clients, Gateway.ALICE, 6000);
        socket.connect(InetAddress.ofLiteral(SERVER), CLOSED);
        send(socket, SERVER, CLOSED);
        boolean told = false;
        try {
            received(socket);
        } catch (PortUnreachableException unreachable) {
            told = true;
        }
        TestPacket packet = TestPacket.udp(Gateway.ALICE, 6000, SERVER, CLOSED);
        assertEquals(NatVerdict.FORWARD, gateway.send(packet));
        TestPacket error = TestPacket.error(SERVER, Gateway.TUNNEL, 3, 3, packet);
        assertEquals(NatVerdict.FORWARD, gateway.receive(error));

        assertEquals(true, told);
        assertEquals(Gateway.ALICE, error.destination());
        assertEquals(Gateway.ALICE, error.quoted().source());
        assertEquals(6000, error.quoted().sourcePort());
    }
}

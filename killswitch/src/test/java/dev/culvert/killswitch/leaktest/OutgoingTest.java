package dev.culvert.killswitch.leaktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.policy.Connected;
import dev.culvert.killswitch.policy.Connecting;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.ruleset.Reason;
import dev.culvert.killswitch.ruleset.Tally;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others may send beside the tunnel. */
@Tag("netns")
@Tag("leaktest")
final class OutgoingTest extends OnAnUplink {
    private static final int MARK = Policies.MARK;
    private static final byte[] CLEARTEXT =
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The tunnel's MTU may be set too high: then the kernel fragments. */
    @Test
    void threat4WhatWasOpenedBeforeIsNotRevived() throws Exception {
        try (ServerSocket server =
                        lab.outside.callInside(
                                () -> new ServerSocket(80, 1, address(UplinkLab.OUTSIDE_V4)));
                // From a port that may be called from outside: also then it was not called.
                Socket client =
                        lab.inside.callInside(() ->
                                new Socket(
                                        address(UplinkLab.OUTSIDE_V4),
                                        80,
                                        address(UplinkLab.INSIDE_V4),
                                        8080));
                Socket accepted = server.accept()) {
            client.getOutputStream().write('a');
            assertEquals('a', accepted.getInputStream().read());

            apply(lab.policies(Policies.MANY).connected());
            // From both ends: whatever connection tracking sees first must not open the way.
            List<Frame> frames =
                    leaving(() -> {
                        accepted.getOutputStream().write('b');
                        client.getOutputStream().write('c');
                        Thread.sleep(300);
                        accepted.getOutputStream().write('d');
                        // Which has been told so: it was reset.
                        assertThrows(IOException.class, () -> client.getOutputStream().write('e'));
                        Thread.sleep(300);
                    });
            assertEquals(List.of(), frames);
        }
    }

    @Test
    void threat9NoIpv6AtAllBesideATunnelWithoutIt() throws Exception {
        TunnelLink tunnel =
                new TunnelLink(
                        "wg0",
                        lab.tunnel().ifindex(),
                        List.of(Subnet.parseAddress(UplinkLab.TUNNEL_V4)));
        Policies policies = lab.policies(Exemptions.NONE);
        lab.inside.callInside(() ->
                killSwitch.apply(
                        new Connected(
                                policies.uplinks(),
                                Exemptions.NONE,
                                MARK,
                                Set.of(Policies.ENDPOINT_V4),
                                Set.of(),
                                List.of(tunnel))));
        capture.drain();
        lab.inside.run("ip", "-6", "neigh", "flush", "all");
        lab.inside.exec("ping", "-6", "-c1", "-W1", UplinkLab.OUTSIDE_V6);
        lab.outside.exec("ping", "-6", "-c1", "-W1", UplinkLab.INSIDE_V6);
        List<Frame> ipv6 =
                capture.drain().stream()
                        .filter(frame -> frame.etherType() == ProbePacket.ETHERTYPE_IPV6)
                        .toList();
        assertEquals(List.of(), ipv6);
    }

    @Test
    void threat10DockersResolverIsNotLocal() throws Exception {
        InetAddress resolver = address("127.0.0.11");
        try (DatagramSocket docker =
                lab.inside.callInside(
                        () -> new DatagramSocket(new InetSocketAddress(resolver, 40053)))) {
            docker.setSoTimeout(300);
            apply(lab.policies(Exemptions.NONE).connected());
            assertThrows(IOException.class, () -> ask(docker));
            // Other services on loopback are local.
            assertEquals(0, lab.inside.exec("ping", "-c1", "-W1", "127.0.0.1").exitCode());

            Exemptions allowed = new Exemptions(List.of(), List.of(), List.of(), true);
            apply(lab.policies(allowed).connected());
            ask(docker);
        }
    }

    private void ask(DatagramSocket server) throws Exception {
        lab.inside.runInside(() -> {
            try (DatagramSocket client = new DatagramSocket()) {
                client.send(
                        new DatagramPacket(
                                CLEARTEXT, CLEARTEXT.length, server.getLocalSocketAddress()));
            }
        });
        server.receive(new DatagramPacket(new byte[100], 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9.9.9.9", "2620:fe::fe"})
    void threat11and12ThePinholeIsForTheOwnMarkAndClosesByItself(String server) throws Exception {
        Policies policies = lab.policies(Exemptions.NONE);
        Endpoint resolver = new Endpoint(Subnet.parseAddress(server), 53);
        apply(
                new Connecting(
                        policies.uplinks(),
                        Exemptions.NONE,
                        MARK,
                        Set.of(),
                        Set.of(),
                        List.of(),
                        Optional.of(
                                Pinhole.dns(List.of(resolver.address()), Duration.ofSeconds(4)))));
        assertEquals(1, leaving(() -> MarkedSocket.send(MARK, resolver, CLEARTEXT)).size());
        assertEquals(1, leaving(() -> MarkedSocket.connect(MARK, resolver)).size());
        Endpoint otherPort = new Endpoint(resolver.address(), 443);
        assertEquals(
                List.of(),
                leaving(() -> {
                    MarkedSocket.send(0, resolver, CLEARTEXT);
                    MarkedSocket.connect(0, resolver);
                    MarkedSocket.send(MARK, otherPort, CLEARTEXT);
                    MarkedSocket.connect(MARK, otherPort);
                }));
        Thread.sleep(4000);
        assertEquals(
                List.of(),
                leaving(() -> {
                    MarkedSocket.send(MARK, resolver, CLEARTEXT);
                    MarkedSocket.connect(MARK, resolver);
                }));
    }

    @Test
    void threat14DnsToTheLocalNetworkOnlyToListedServers() throws Exception {
        apply(lab.policies(Policies.MANY).connected());
        for (String network : List.of("192.168.1.", "fd00::")) {
            for (int port : List.of(53, 853)) {
                Endpoint listed = new Endpoint(Subnet.parseAddress(network + "53"), port);
                Endpoint other = new Endpoint(Subnet.parseAddress(network + "1"), port);
                assertEquals(
                        2,
                        leaving(
                                        () -> {
                                            MarkedSocket.send(0, listed, CLEARTEXT);
                                            MarkedSocket.connect(0, listed);
                                        })
                                .size());
                assertEquals(
                        List.of(),
                        leaving(() -> {
                            MarkedSocket.send(0, other, CLEARTEXT);
                            MarkedSocket.connect(0, other);
                        }));
            }
            Endpoint printer = new Endpoint(Subnet.parseAddress(network + "1"), 631);
            assertEquals(1, leaving(() -> MarkedSocket.connect(0, printer)).size());
        }
    }

    @Test
    void threat15ALinkThatTakesTheTunnelsNameIsNotTheTunnel() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        lab.inside.run("ip", "link", "del", "wg0");
        lab.inside.run(
                "ip",
                "link",
                "add",
                "wg0",
                "type",
                "veth",
                "peer",
                "name",
                "false0",
                "netns",
                lab.outside.name());
        lab.inside.run("ip", "address", "add", UplinkLab.TUNNEL_V4 + "/24", "dev", "wg0");
        lab.outside.run("ip", "address", "add", "10.77.0.1/24", "dev", "false0");
        lab.outside.run("ip", "link", "set", "false0", "up");
        lab.inside.run("ip", "link", "set", "wg0", "up");
        assertEquals(1, lab.inside.exec("ping", "-c1", "-W1", "10.77.0.1").exitCode());

        lab.inside.runInside(KillSwitch::disarm);
        assertEquals(0, lab.inside.exec("ping", "-c1", "-W1", "10.77.0.1").exitCode());
    }

    @Test
    void rejectsSoThatApplicationsFailFast() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        for (IpVersion version : IpVersion.values()) {
            long startNs = System.nanoTime();
            assertThrows(
                    IOException.class,
                    () -> lab.inside.callInside(() -> new Socket(version.destination(1), 443)));
            assertTrue(System.nanoTime() - startNs < Duration.ofSeconds(1).toNanos());
            assertFalse(
                    lab.inside.callInside(() ->
                            MarkedSocket.send(
                                    0, new Endpoint(version.destination(1), 4433), CLEARTEXT)));
        }
    }

    @Test
    void countsWhatItHoldsBackByReason() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        ProbeLink link = lab.probeLink();
        InetAddress somewhere = IpVersion.V4.destination(1);
        leaving(() -> {
            MarkedSocket.send(0, new Endpoint(address("127.0.0.11"), 53), CLEARTEXT);
            MarkedSocket.send(0, new Endpoint(somewhere, 53), CLEARTEXT);
            MarkedSocket.send(0, new Endpoint(somewhere, 80), CLEARTEXT);
            MarkedSocket.send(0, new Endpoint(IpVersion.V6.destination(1), 80), CLEARTEXT);
            MarkedSocket.send(MARK, new Endpoint(somewhere, 80), CLEARTEXT);
            Vector frame = new Vector(IpVersion.V4, SocketKind.PACKET, Protocol.UDP);
            Probe.send(frame, link, MARK, somewhere);
        });
        Map<Reason, Tally> heldBack = lab.inside.callInside(KillSwitch::status).heldBack();
        for (Reason reason :
                List.of(
                        Reason.DOCKER_RESOLVER,
                        Reason.DNS,
                        Reason.OFF_TUNNEL,
                        Reason.OFF_TUNNEL_IPV6,
                        Reason.OWN_MARK,
                        Reason.RAW)) {
            assertTrue(
                    heldBack.getOrDefault(reason, Tally.ZERO).packets() > 0,
                    () -> reason.label() + " in " + heldBack);
        }
    }

    private static InetAddress address(String text) {
        return Subnet.parseAddress(text);
    }
}

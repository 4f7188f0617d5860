package dev.culvert.killswitch.leaktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.ruleset.Reason;
import dev.culvert.killswitch.ruleset.Tally;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The one flow that the program has beside the tunnel, and how narrow it is. */
@Tag("netns")
@Tag("leaktest")
final class EncryptedFlowTest extends OnAnUplink {
    private static final int MARK = Policies.MARK;
    private static final byte[] INITIATION = MarkedSocket.wireguard(1, 148);
    private static final byte[] CLEARTEXT =
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void encryptedPacketsReachEveryEndpointAfterTheirNeighboursWereForgotten() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        lab.inside.run("ip", "neigh", "flush", "all");
        for (Endpoint endpoint : List.of(Policies.ENDPOINT_V4, Policies.ENDPOINT_V6)) {
            for (int type = 1; type <= 4; type++) {
                byte[] message = MarkedSocket.wireguard(type, 64);
                assertEquals(1, leaving(() -> MarkedSocket.send(MARK, endpoint, message)).size());
            }
        }
    }

    @Test
    void fragmentsOfEncryptedPacketsPassBothLayers() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        for (Endpoint endpoint : List.of(Policies.ENDPOINT_V4, Policies.ENDPOINT_V6)) {
            byte[] message = MarkedSocket.wireguard(4, 4000);
            assertEquals(3, leaving(() -> MarkedSocket.send(MARK, endpoint, message)).size());
        }
    }

    @Test
    void threat7TheMarkAloneOpensNothing() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        for (Endpoint endpoint : List.of(Policies.ENDPOINT_V4, Policies.ENDPOINT_V6)) {
            Endpoint otherPort = new Endpoint(endpoint.address(), endpoint.port() + 1);
            Endpoint otherHost =
                    new Endpoint(
                            (endpoint.v4() ? IpVersion.V4 : IpVersion.V6).destination(1),
                            endpoint.port());
            List<Frame> frames =
                    leaving(() -> {
                        MarkedSocket.send(0, endpoint, INITIATION);
                        MarkedSocket.send(MARK + 1, endpoint, INITIATION);
                        MarkedSocket.send(MARK, otherPort, INITIATION);
                        MarkedSocket.send(MARK, otherHost, INITIATION);
                        MarkedSocket.send(MARK, endpoint, CLEARTEXT);
                        MarkedSocket.send(MARK, endpoint, new byte[0]);
                        MarkedSocket.send(MARK, endpoint, MarkedSocket.wireguard(5, 64));
                        MarkedSocket.connect(MARK, endpoint);
                    });
            assertEquals(List.of(), frames, endpoint.toString());
        }
    }

    @Test
    void threat7ThePortThatStrangersCallSendsMarkedWireguardMessagesAlone() throws Exception {
        apply(lab.policies(Exemptions.NONE).serving());
        for (Endpoint stranger : List.of(Policies.ENDPOINT_V4, Policies.ENDPOINT_V6)) {
            sendFrom(Policies.LISTEN_PORT);
            assertEquals(1, leaving(() -> MarkedSocket.send(MARK, stranger, INITIATION)).size());
            List<Frame> frames =
                    leaving(() -> {
                        MarkedSocket.send(0, stranger, INITIATION);
                        MarkedSocket.send(MARK + 1, stranger, INITIATION);
                        MarkedSocket.send(MARK, stranger, CLEARTEXT);
                        sendFrom(Policies.LISTEN_PORT + 1);
                        MarkedSocket.send(MARK, stranger, INITIATION);
                        MarkedSocket.connect(MARK, stranger);
                    });
            assertEquals(List.of(), frames, stranger.toString());
        }
    }

    /** The only port that the kernel may choose from now on. */
    private void sendFrom(int port) {
        lab.inside.run("sysctl", "-qw", "net.ipv4.ip_local_port_range=" + port + " " + port);
    }

    @Test
    void threat5and6NeitherBindingNorRawFramesHelp() throws Exception {
        apply(lab.policies(Policies.MANY).connected());
        ProbeLink link = lab.probeLink();
        List<Frame> frames =
                leaving(() -> {
                    int number = 0;
                    for (Vector vector : Vector.all()) {
                        // To an address that the policy allows, too: frames by hand never pass.
                        if (vector.socket().takesFrames()) {
                            Endpoint to =
                                    vector.version() == IpVersion.V4
                                            ? Policies.ENDPOINT_V4
                                            : Policies.ENDPOINT_V6;
                            Probe.send(vector, link, MARK, to.address());
                            Probe.send(vector, link, MARK, Subnet.parseAddress("192.168.1.1"));
                        }
                        Probe.send(vector, link, MARK, vector.version().destination(++number));
                    }
                });
        assertEquals(List.of(), frames);
    }

    @Test
    void threat8TwoHundredReplacementsUnderLoadLetNothingOut() throws Exception {
        Policies policies = lab.policies(Exemptions.NONE);
        List<Policy> turns =
                List.of(policies.connected(), policies.reloading(), policies.connecting());
        apply(policies.connected());
        Flood flood = Flood.start(lab);
        try {
            for (int i = 0; i < 200; i++) {
                Policy policy = turns.get(i % turns.size());
                lab.inside.callInside(() -> killSwitch.apply(policy));
            }
        } finally {
            flood.stop();
        }
        assertTrue(flood.attempts() > 10_000, () -> flood.attempts() + " attempts");
        long passed = 0;
        for (Frame frame : capture.drain()) {
            assertTrue(AllowedFrames.permits(policies.connected(), frame), frame::toString);
            passed += frame.destinationIs(Policies.ENDPOINT_V4.address()) ? 1 : 0;
        }
        // Nor is a tunnel that lives cut. While old and new chains hang on the same hook, a packet
        // may
        // be dropped.
        long atLeast = flood.encrypted() * 95 / 100;
        assertTrue(passed >= atLeast, passed + " of " + flood.encrypted() + " encrypted packets");
    }

    @Test
    void encryptedPacketsDoNotGoIntoTheirOwnTunnel() throws Exception {
        apply(lab.policies(Exemptions.NONE).connected());
        String endpoint = Policies.ENDPOINT_V4.address().getHostAddress();
        lab.inside.run("ip", "route", "add", endpoint + "/32", "dev", "wg0");
        assertEquals(
                List.of(),
                leaving(() -> MarkedSocket.send(MARK, Policies.ENDPOINT_V4, INITIATION)));
        Tally looped = lab.inside.callInside(KillSwitch::status).heldBack().get(Reason.TUNNEL_LOOP);
        assertEquals(1, looped == null ? 0 : looped.packets());
    }

    /** Whoever could read it there could get raw frames past L2. */
    @Test
    void theMarkByWhichL2KnowsPassedPacketsIsNotToBeSeenOnTheLink() throws Exception {
        apply(lab.policies(Policies.MANY).connected());
        try (MarkSniffer sniffer =
                lab.inside.callInside(() -> MarkSniffer.open(lab.probeLink().ifindex()))) {
            assertEquals(
                    1,
                    leaving(() -> MarkedSocket.send(MARK, Policies.ENDPOINT_V4, INITIATION))
                            .size());
            assertFalse(sniffer.hasSeenAMark());
            // With the switch off other frames leave too, but none of them has a mark.
            lab.inside.runInside(KillSwitch::disarm);
            leaving(() -> MarkedSocket.send(MARK, Policies.ENDPOINT_V4, INITIATION));
            assertTrue(sniffer.hasSeenAMark(), "the program's own mark is seen");
        }
    }
}

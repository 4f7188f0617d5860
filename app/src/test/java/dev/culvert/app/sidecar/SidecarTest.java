package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.RunningProcess;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code culvert run} from its start to long after its death. */
@Tag("netns")
@Tag("leaktest")
final class SidecarTest {
    private static final int RESTARTS = Integer.getInteger("test.restarts", 5);
    private static final int SWAPS = Integer.getInteger("test.swaps", 20);

    @AutoClose private final SidecarLab lab = new SidecarLab();

    @Test
    void carriesTrafficThroughTheTunnelAndNothingBesideIt() {
        lab.assertReaches(SidecarLab.GATEWAY, "open before");

        lab.connect();

        lab.assertReaches(SidecarLab.PEER, "through the tunnel");
        assertFalse(lab.reaches("2001:db8::2"), "IPv6 beside the tunnel");
        Execution status = lab.culvert("status");
        assertEquals(0, status.exitCode(), status.output());
        assertTrue(status.output().contains("connected"), status.output());
        String json = lab.culvert("status", "--json").output();
        assertTrue(json.contains("\"state\":\"connected\""), json);
        assertTrue(json.contains("\"level\":\"L2\""), json);
        assertFalse(json.contains(lab.privateKey), "no key in a status");
    }

    /**
     * The kernel's reverse path filter knows no way back to the peer before the routes are there.
     */
    @Test
    void callsThePeerOnceItsAnswerCanComeIn() throws Exception {
        lab.inside.sysctl("net.ipv4.conf.all.rp_filter", "2");
        String slow =
                IntStream.range(0, 2000)
                        .mapToObj(i -> "10.%d.%d.0/24".formatted(100 + i / 256, i % 256))
                        .collect(Collectors.joining(", "));
        Path config =
                lab.write(
                        lab.config().replace("0.0.0.0/0", slow + ", 0.0.0.0/0")
                                + "PersistentKeepalive = 5\n");
        Capture initiations =
                new Capture(
                        lab.outside,
                        lab.outsideLink(),
                        lab.folder.resolve("initiations"),
                        "udp dst port " + SidecarLab.PORT + " and udp[8] = 1");

        lab.awaitConnected(lab.start(config));

        assertEquals(1, initiations.frames().size());
    }

    @Test
    void theLeakTestFailsWithoutTheRulesAndPassesWithThem() {
        Execution open = lab.culvert("leaktest");
        assertEquals(1, open.exitCode(), open.output());
        assertTrue(open.output().contains("FAIL"), open.output());

        lab.connect();

        Execution closed = lab.culvert("leaktest");
        assertEquals(0, closed.exitCode(), closed.output());
        assertTrue(closed.output().contains(" 0 leaked"), closed.output());
    }

    @Test
    void sigtermLeavesTheRulesAndDisarmAloneOpens() throws Exception {
        String resolvConf = Files.readString(lab.resolvConf());
        RunningProcess process =
                lab.start(lab.write(lab.config().replace("[Peer]", "DNS = 10.9.0.1\n[Peer]")));
        lab.awaitConnected(process);
        assertTrue(Files.readString(lab.resolvConf()).startsWith("nameserver 10.9.0.1\n"));
        assertEquals(1, lab.culvert("disarm").exitCode(), "not while it runs");

        Execution ended = lab.terminate(process);

        assertEquals(0, ended.exitCode(), ended.output());
        assertFalse(lab.reaches(SidecarLab.GATEWAY), "closed after the end");
        assertEquals(1, lab.culvert("status").exitCode());
        lab.disarm();
        lab.assertReaches(SidecarLab.GATEWAY, "open after disarm");
        lab.assertReaches("2001:db8::2", "IPv6, too");
        assertEquals(resolvConf, Files.readString(lab.resolvConf()));
        assertFalse(lab.inside.run("ip", "rule").contains("0xca6c"), "no rule is left");
        assertEquals("", lab.inside.run("nft", "list", "ruleset").strip());
    }

    @Test
    void aMalformedAddressLeavesItClosedAndIsNamed() {
        Path config =
                lab.write(
                        lab.config()
                                .replace(
                                        "Address = 10.9.0.2/32",
                                        "Address  # This malformed configuration leads to an error"));

        Execution ended = lab.start(config).await(Dist.PATIENCE);

        assertEquals(1, ended.exitCode());
        assertTrue(ended.output().contains(config + ":3: Address: "), ended.output());
        assertFalse(lab.reaches(SidecarLab.GATEWAY), "closed");
        assertTrue(lab.culvert("status").output().contains("rules: failed"));
        lab.disarm();
        lab.assertReaches(SidecarLab.GATEWAY);
    }

    @Test
    void nothingLeavesWhenItIsKilledWhileOthersSend() throws Exception {
        String token = "culvert-leak-" + ProcessHandle.current().pid();
        Capture control =
                new Capture(lab.outside, lab.outsideLink(), lab.folder.resolve("control"));
        send(token, 20);
        assertEquals(20, control.count(token), "the capture sees what leaves");

        RunningProcess process = lab.connect();
        Capture capture = new Capture(lab.outside, lab.outsideLink(), lab.folder.resolve("frames"));
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                send(token, 3000);
                            } catch (Exception failed) {
                                throw new AssertionError(failed);
                            }
                        });
        Thread.sleep(1000);
        SidecarLab.kill(process);
        sender.join();

        assertEquals(0, capture.count(token), "frames with cleartext");
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        lab.disarm();
        lab.assertReaches(SidecarLab.GATEWAY);
    }

    /** Datagrams to a host in the Internet, one each millisecond. */
    private void send(String token, int count) throws Exception {
        lab.inside.runInside(() -> {
            byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
            InetAddress elsewhere = InetAddress.ofLiteral("198.51.100.9");
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length, elsewhere, 9);
            try (DatagramSocket socket = new DatagramSocket()) {
                for (int i = 0; i < count; i++) {
                    try {
                        socket.send(packet);
                    } catch (java.io.IOException rejected) {
                        // As it should be once it is armed; the control run has to arrive.
                    }
                    Thread.sleep(1);
                }
            }
        });
    }

    @Test
    void restartsReconcileWithWhatTheyFind() throws Exception {
        String token = "culvert-restart-" + ProcessHandle.current().pid();
        lab.connect().close();
        Capture capture = new Capture(lab.outside, lab.outsideLink(), lab.folder.resolve("frames"));
        for (int i = 0; i < RESTARTS; i++) {
            RunningProcess process = lab.connect();
            lab.assertReaches(SidecarLab.PEER, "restart " + i);
            send(token, 20);
            if (i % 2 == 0) {
                SidecarLab.kill(process);
            } else {
                lab.terminate(process);
            }
            send(token, 20);
        }
        assertEquals(0, capture.count(token));
        assertEquals(
                1,
                lab.inside
                        .run("ip", "rule")
                        .lines()
                        .filter(rule -> rule.contains("0xca6c"))
                        .count());
    }

    @Test
    void reloadsKeepTheSessionAndRefuseMistakes() throws Exception {
        RunningProcess process = lab.connect();
        lab.inside.run("ping", "-c", "1", "-W", "5", SidecarLab.PEER);
        String handshake = lab.inside.run("wg", "show", lab.interfaceName, "latest-handshakes");

        lab.write(lab.config() + "PersistentKeepalive = 7\n");
        Execution reloaded = lab.culvert("reload");
        assertEquals(0, reloaded.exitCode(), reloaded.output());
        assertTrue(
                lab.inside
                        .run("wg", "show", lab.interfaceName, "persistent-keepalive")
                        .contains("\t7"));
        assertEquals(
                handshake, lab.inside.run("wg", "show", lab.interfaceName, "latest-handshakes"));
        lab.assertReaches(SidecarLab.PEER);

        Path wrong = lab.write(lab.config().replace("Endpoint", "Endpiont"));
        Execution refused = lab.culvert("reload");
        assertEquals(1, refused.exitCode());
        assertEquals(
                wrong + ":7: \"Endpiont\" is not a key; did you mean \"Endpoint\"?",
                refused.output().strip());
        lab.assertReaches(SidecarLab.PEER, "as before");
        assertTrue(process.process().isAlive());
    }

    @Test
    void swapsOfTheEndpointUnderLoadLetNothingOut() throws Exception {
        String token = "culvert-swap-" + ProcessHandle.current().pid();
        String elsewhere = "192.0.2.3";
        lab.outside.run("ip", "address", "add", elsewhere + "/24", "dev", lab.outsideLink());
        lab.connect();
        Capture capture = new Capture(lab.outside, lab.outsideLink(), lab.folder.resolve("frames"));
        AtomicBoolean done = new AtomicBoolean();
        Thread sender =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                while (!done.get()) {
                                    send(token, 50);
                                }
                            } catch (Exception failed) {
                                throw new AssertionError(failed);
                            }
                        });

        for (int i = 0; i < SWAPS; i++) {
            String endpoint = i % 2 == 0 ? elsewhere : SidecarLab.GATEWAY;
            lab.write(lab.config().replace(SidecarLab.GATEWAY, endpoint));
            assertEquals("reloaded", lab.ask("reload").strip());
            assertEquals(
                    endpoint + ":" + SidecarLab.PORT,
                    lab.inside
                            .run("wg", "show", lab.interfaceName, "endpoints")
                            .strip()
                            .replaceAll(".*\t", ""));
        }
        done.set(true);
        sender.join();

        lab.assertReaches(SidecarLab.PEER);
        assertEquals(0, capture.count(token));
    }

    @Test
    void downEndsItAndStaysClosed() {
        RunningProcess process = lab.connect();

        assertEquals(0, lab.culvert("down").exitCode());

        assertEquals(0, process.await(Duration.ofSeconds(15)).exitCode());
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertEquals(1, lab.culvert("down").exitCode(), "nobody there any more");
    }

    @Test
    void upReturnsOnceItIsConnected() {
        Execution up = lab.culvert("up", lab.write(lab.config()).toString());

        assertEquals(0, up.exitCode(), up.output());
        assertEquals(0, lab.culvert("status").exitCode());
        lab.assertReaches(SidecarLab.PEER);
        assertEquals(0, lab.culvert("down").exitCode());
    }
}

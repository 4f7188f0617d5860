package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All steps of a failed check, down to another configuration. */
@Tag("netns")
final class NextConfigurationTest {
    private static final String OTHER_PEER = "10.9.1.1";
    private static final int OTHER_PORT = 51821;
    private static final int NOBODYS_PORT = 51829;
    private static final int HTTP_PORT = 8080;

    @AutoClose private final SidecarLab lab = new SidecarLab();
    private HttpServer service;
    private String otherPrivateKey;
    private String otherPeerKey;

    @BeforeEach
    void setUp() throws Exception {
        otherPrivateKey = lab.outside.run("wg", "genkey").strip();
        otherPeerKey = startOtherPeer(Dist.interfaceName());
        service =
                lab.outside.callInside(
                        () -> HttpServer.create(new InetSocketAddress(OTHER_PEER, HTTP_PORT), 0));
        service.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        service.start();
    }

    @AfterEach
    void tearDown() {
        service.stop(0);
    }

    /** A second peer, behind which alone the service is. Returns its public key. */
    private String startOtherPeer(String link) throws Exception {
        String key = lab.outside.run("wg", "genkey").strip();
        lab.outside.run(Dist.launcher().toString(), link);
        lab.outside.run(
                "wg",
                "set",
                link,
                "listen-port",
                Integer.toString(OTHER_PORT),
                "private-key",
                lab.file("other.key", key).toString(),
                "peer",
                lab.publicKey(otherPrivateKey),
                "allowed-ips",
                "10.9.1.2/32");
        lab.outside.run("ip", "address", "add", OTHER_PEER + "/24", "dev", link);
        lab.outside.run("ip", "link", "set", link, "up");
        lab.outside.run("nft", "add table inet peers");
        lab.outside.run("nft", "add chain inet peers in { type filter hook input priority 0; }");
        lab.outside.run(
                "nft",
                "add rule inet peers in iifname "
                        + lab.outsideInterface
                        + " tcp dport "
                        + HTTP_PORT
                        + " reject with tcp reset");
        return lab.publicKey(key);
    }

    private String other(String privateKey, int port) {
        return lab.config()
                .replace(lab.privateKey, privateKey)
                .replace(lab.peerPublicKey, otherPeerKey)
                .replace("10.9.0.2", "10.9.1.2")
                .replace(":" + SidecarLab.PORT, ":" + port);
    }

    @Test
    void goesOverToTheOneWhosePeerAnswersAndKeepsTheOldOneUntilThen() throws Exception {
        Path candidates = Files.createDirectory(lab.folder.resolve(lab.interfaceName + ".d"));
        Files.writeString(candidates.resolve("a.conf"), other(otherPrivateKey, NOBODYS_PORT));
        Files.writeString(candidates.resolve("b.conf"), other(otherPrivateKey, OTHER_PORT));
        RunningProcess process =
                lab.connect(
                        "CHECK_CONNECTION_CRON=*/5 * * * * *",
                        "CHECK_CONNECTION_URL=http://" + OTHER_PEER + ":" + HTTP_PORT + "/",
                        "CHECK_CONNECTION_ATTEMPTS=1",
                        "METRICS_ADDR=off");
        Capture strays =
                lab.strays(
                        "udp and (dst port " + NOBODYS_PORT + " or dst port " + OTHER_PORT + ")");
        assertFalse(allowsToSendTo(OTHER_PORT), "closed while nobody is asked");

        process.awaitOutput(": a new handshake", Dist.PATIENCE);
        process.awaitOutput("nobody answers to " + candidates.resolve("a.conf"), Dist.PATIENCE);
        assertFalse(process.output().contains("the next address"), "it has one address alone");
        assertFalse(process.output().contains("no answer any more"), "the old one is in use");
        process.awaitOutput("over to " + candidates.resolve("b.conf"), Dist.PATIENCE);

        // The main loop answers this, and so once it is over there.
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> lab.culvert("status", "--json").output().contains("b.conf"),
                process::output);
        NetworkNamespace.await(Dist.PATIENCE, () -> lab.reaches(OTHER_PEER), process::output);
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> lab.culvert("health").exitCode() == 0,
                () -> lab.culvert("health").output());
        assertTrue(allowsToSendTo(OTHER_PORT));
        assertFalse(allowsToSendTo(SidecarLab.PORT), "the old endpoint is closed");
        assertFalse(allowsToSendTo(NOBODYS_PORT), "and the one that did not answer");
        assertEquals(
                1,
                process.output().split("kill switch: armed", -1).length - 1,
                "nothing was started again");
        assertEquals(List.of(), strays.frames());
    }

    private boolean allowsToSendTo(int port) {
        return lab.inside
                .run("nft", "list", "table", "inet", "culvert")
                .contains(Integer.toString(port));
    }
}

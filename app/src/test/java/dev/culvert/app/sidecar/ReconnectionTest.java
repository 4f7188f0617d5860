package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a failed check leads to where there is no other configuration. */
@Tag("netns")
final class ReconnectionTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    @Test
    void makesANewSessionWhenTheCheckFailsAndSaysSo() throws Exception {
        RunningProcess process =
                lab.connect(
                        "CHECK_CONNECTION_CRON=*/5 * * * * *",
                        "CHECK_CONNECTION_URL=http://" + SidecarLab.PEER + ":9/",
                        "CHECK_CONNECTION_ATTEMPTS=1",
                        "LOG_FORMAT=json");

        process.awaitOutput("the connection check fails: ", Dist.PATIENCE);
        assertTrue(status().matches("(?s).*\"handshakes\":[2-9],.*"), status());
        assertFalse(process.output().contains("the next address"), "there is one address alone");
        lab.assertReaches(SidecarLab.PEER, "the tunnel carries traffic all the time");

        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> lab.culvert("health").output().contains("the connection check fails: "),
                () -> lab.culvert("health").output());
    }

    @Test
    void goesOnToTheNextAddressWhereThereIsOne() throws Exception {
        try (DnsService _ =
                new DnsService(lab.outside, List.of(SidecarLab.GATEWAY, "192.0.2.99"))) {
            RunningProcess process =
                    lab.start(
                            lab.write(
                                    lab.config()
                                            .replace(
                                                    "Endpoint = " + SidecarLab.GATEWAY,
                                                    "Endpoint = vpn.example.net")),
                            "CHECK_CONNECTION_CRON=*/5 * * * * *",
                            "CHECK_CONNECTION_URL=http://" + SidecarLab.PEER + ":9/",
                            "CHECK_CONNECTION_ATTEMPTS=1");
            lab.awaitConnected(process);

            process.awaitOutput("the next address", Dist.PATIENCE);
            process.awaitOutput(
                    lab.peerPublicKey + ": calling 192.0.2.99:" + SidecarLab.PORT, Dist.PATIENCE);
        }
    }

    private String status() throws Exception {
        return lab.ask("status --json");
    }
}

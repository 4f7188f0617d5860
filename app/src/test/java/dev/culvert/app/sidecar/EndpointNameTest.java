package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An endpoint with a name, which is asked for before there is a tunnel. */
@Tag("netns")
@Tag("leaktest")
final class EndpointNameTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    private Path named() {
        return lab.write(
                lab.config()
                        .replace("Endpoint = " + SidecarLab.GATEWAY, "Endpoint = vpn.example.net"));
    }

    @Test
    void triesAllItsAddresses() throws Exception {
        try (DnsService dns =
                new DnsService(lab.outside, List.of("192.0.2.99", SidecarLab.GATEWAY))) {
            RunningProcess process = lab.start(named());
            lab.awaitConnected(process);

            String called =
                    "no answer from " + lab.peerPublicKey + ": calling " + SidecarLab.GATEWAY;
            assertTrue(process.output().contains(called + ":51820\n"), process.output());
            lab.assertReaches(SidecarLab.PEER);
            int asked = dns.questions();
            assertTrue(asked >= 2, "IPv4 and IPv6");
            Execution other =
                    lab.inside.exec("bash", "-c", "echo question > /dev/udp/192.0.2.2/53 || true");
            assertFalse(lab.reaches(SidecarLab.GATEWAY), other.output());
            assertEquals(asked, dns.questions(), "the way for names is closed again");
        }
    }

    @Test
    void asksOverTcpForAnswersThatHaveNoRoomInADatagram() throws Exception {
        try (DnsService _ = new DnsService(lab.outside, List.of(SidecarLab.GATEWAY), true)) {
            lab.awaitConnected(lab.start(named()));

            Capture strays = lab.strays("");
            lab.assertReaches(SidecarLab.PEER);
            lab.inside.exec("bash", "-c", "echo > /dev/tcp/192.0.2.2/53");
            assertEquals(List.of(), strays.frames(), "the way for names is closed again");
        }
    }

    @Test
    void failsClosedWhenTheServerDoesNotAnswer() throws Exception {
        // Before it is armed the kernel may still report the link's multicast groups: ICMPv6 behind
        // a hop-by-hop header.
        Capture strays =
                lab.strays(
                        "icmp6 or (ip6[6] == 0 and ip6[40] == 58)"
                                + " or (dst port 53 and dst host "
                                + SidecarLab.GATEWAY
                                + ")");

        Execution ended = lab.start(named()).await(Dist.PATIENCE);

        assertEquals(1, ended.exitCode());
        assertTrue(ended.output().contains("vpn.example.net cannot be resolved"), ended.output());
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertEquals(List.of(), strays.frames(), "only the question left");
    }

    @Test
    void refusesToAskDockersResolver() throws Exception {
        Files.writeString(lab.resolvConf(), "nameserver 127.0.0.11\n");

        Execution ended = lab.start(named()).await(Dist.PATIENCE);

        assertEquals(1, ended.exitCode());
        assertTrue(ended.output().contains("DNS_LOCAL=docker"), ended.output());
    }
}

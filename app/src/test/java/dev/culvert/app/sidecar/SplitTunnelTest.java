package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.netns.RunningProcess;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The stack of containers that share the sidecar's namespace: a program with a web interface, which
 * the local network reaches on its published port, and whose own traffic takes the tunnel.
 */
@Tag("netns")
@Tag("leaktest")
final class SplitTunnelTest {
    private static final String LAN_HOST = "192.168.7.1";
    private static final String STRANGER = "198.51.100.7";
    private static final String INTERNET_HOST = "203.0.113.5";
    private static final int WEB = 8080;
    private static final int ELSEWHERE = 9000;

    @AutoClose private final SidecarLab lab = new SidecarLab();
    private TcpService web;
    private TcpService internet;

    @BeforeEach
    void setUp() throws Exception {
        for (String address : new String[] {LAN_HOST, STRANGER, INTERNET_HOST}) {
            lab.outside.run("ip", "address", "add", address + "/32", "dev", "lo");
        }
        web = new TcpService(lab.inside, WEB);
        internet = new TcpService(lab.outside, ELSEWHERE);
    }

    @AfterEach
    void tearDown() throws Exception {
        web.close();
        internet.close();
    }

    private String webAskedFrom(String source) throws Exception {
        return TcpService.ask(lab.outside, source, SidecarLab.UPLINK, WEB);
    }

    private String internetAskedFromInside() throws Exception {
        return TcpService.ask(lab.inside, "", INTERNET_HOST, ELSEWHERE);
    }

    @Test
    void theLocalNetworkReachesAPublishedPortInEveryState() throws Exception {
        assertEquals(LAN_HOST, webAskedFrom(LAN_HOST), "open before");
        assertEquals(SidecarLab.UPLINK, internetAskedFromInside());

        RunningProcess process = lab.connect("NETWORK=192.168.7.0/24");
        Capture strays = lab.strays("dst net 192.168.7.0/24");

        assertEquals(LAN_HOST, webAskedFrom(LAN_HOST), "connected");
        assertEquals("", webAskedFrom(STRANGER), "others do not");
        assertEquals("10.9.0.2", internetAskedFromInside(), "the other way it is the tunnel");

        SidecarLab.kill(process);
        assertEquals(LAN_HOST, webAskedFrom(LAN_HOST), "killed");
        assertEquals("", internetAskedFromInside(), "no tunnel, no Internet");
        assertEquals(List.of(), strays.frames());
    }

    @Test
    void theLocalNetworkIsAskedByTheUplink() throws Exception {
        lab.connect("FIREWALL_OUTBOUND_SUBNETS=192.168.7.0/24;192.168.9.0/24");
        Capture strays = lab.strays("dst net 192.168.7.0/24");

        assertEquals(SidecarLab.UPLINK, TcpService.ask(lab.inside, "", LAN_HOST, ELSEWHERE));
        assertEquals("", TcpService.ask(lab.inside, SidecarLab.UPLINK, STRANGER, ELSEWHERE));
        assertEquals("10.9.0.2", TcpService.ask(lab.inside, "", STRANGER, ELSEWHERE));
        assertEquals(List.of(), strays.frames());
    }

    @Test
    void aListedInboundPortAnswersEverybodyByTheUplink() throws Exception {
        lab.connect("FIREWALL_INPUT_PORTS=" + WEB);
        Capture strays = lab.strays("tcp src port " + WEB + " and dst host " + STRANGER);

        assertEquals(STRANGER, webAskedFrom(STRANGER));
        assertEquals("10.9.0.2", internetAskedFromInside());
        assertEquals(List.of(), strays.frames());
    }

    @Test
    void nothingIsReachedFromOutsideUnlessItIsListed() throws Exception {
        lab.connect();
        Capture strays = lab.strays("");

        assertEquals("", webAskedFrom(LAN_HOST));
        assertEquals("10.9.0.2", internetAskedFromInside());
        assertEquals(
                SidecarLab.PEER,
                TcpService.ask(lab.outside, SidecarLab.PEER, "10.9.0.2", WEB),
                "through the tunnel it is");
        assertEquals(List.of(), strays.frames());
    }
}

package dev.culvert.app.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.diagnose.ExitProbe.Progress;
import dev.culvert.app.health.Readiness;
import dev.culvert.app.status.KillSwitchReport;
import dev.culvert.app.status.PeerStatus;
import dev.culvert.app.status.ProcessStatus;
import dev.culvert.app.status.StatusReport;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.datapath.nat.NatLimits;
import dev.culvert.datapath.nat.NatStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CausesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final int MTU = 1420;
    private static final PathProbe.Result WIDE = new PathProbe.Result("10.0.0.1", true, MTU, "");
    private static final PathProbe.Result NARROW = new PathProbe.Result("10.0.0.1", true, 1236, "");
    private static final PathProbe.Result DEAF = new PathProbe.Result("10.0.0.1", false, 0, "");

    private static StatusReport status(String state, PeerStatus... peers) {
        DatapathStatistics datapath =
                new DatapathStatistics(
                        "syscalls", "openssl", true, 0, true, true, 0, 0, 0, 0, 0, 0, 0, Map.of());
        return new StatusReport(
                "0",
                state,
                new Readiness(false, ""),
                0,
                new KillSwitchReport(true, "L2", state, Map.of()),
                List.of(
                        new TunnelStatus(
                                "wg0",
                                "wg0.conf",
                                List.of(peers),
                                datapath,
                                new NatStatistics(0, 0, 0, 0, NatLimits.DEFAULT, 0, 0, 0))),
                ProcessStatus.NONE,
                List.of());
    }

    private static PeerStatus peer(long ageSeconds, boolean connected, long rxBytes, long txBytes) {
        return new PeerStatus(
                "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
                "192.0.2.1:51820",
                connected,
                ageSeconds,
                ageSeconds < 0 ? 0 : 1,
                rxBytes,
                txBytes,
                rxBytes / 100,
                txBytes / 100);
    }

    private static List<String> causes(
            StatusReport status, PathProbe.Result path, Progress exit, Instant clock) {
        return Causes.of(
                new Observations(status, clock, MTU, path, new ExitProbe.Result(exit, "")));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 0, nothing was sent",
        "-1, 0, 148, no answer at all: 192.0.2.1:51820 is not reachable by UDP",
        "-1, 92, 148, PresharedKey or PublicKey is not the one",
        "400, 92, 500, no handshake with xTIBA5rb... for 400 s"
    })
    void namesWhyThereIsNoSession(long ageSeconds, long rxBytes, long txBytes, String cause) {
        List<String> causes =
                causes(
                        status("connecting", peer(ageSeconds, false, rxBytes, txBytes)),
                        WIDE,
                        Progress.ANSWERED,
                        NOW);
        assertEquals(1, causes.size(), causes.toString());
        assertTrue(causes.getFirst().contains(cause), causes.toString());
    }

    @Test
    void aSessionWithoutBytesIsAboutAllowedIps() {
        String cause =
                causes(
                                status("connected", peer(5, true, 92, 5000)),
                                DEAF,
                                Progress.NOT_CONNECTED,
                                NOW)
                        .getFirst();
        assertTrue(cause.contains("AllowedIPs"), cause);
    }

    @Test
    void whatOpensAndHangsIsAboutTheMtu() {
        StatusReport status = status("connected", peer(5, true, 9000, 5000));
        assertTrue(
                causes(status, NARROW, Progress.HANGS, NOW).getFirst().contains("set MTU = 1236"));
        assertTrue(causes(status, DEAF, Progress.HANGS, NOW).getFirst().contains("try MTU = 1280"));
    }

    @Test
    void namesThatAreUnknownAreAboutDns() {
        StatusReport status = status("connected", peer(5, true, 9000, 5000));
        String cause = causes(status, WIDE, Progress.NAME_UNKNOWN, NOW).getFirst();
        assertTrue(cause.contains("DNS does not"), cause);
    }

    @Test
    void aWrongClockComesFirst() {
        List<String> causes =
                causes(
                        status("connecting", peer(-1, false, 0, 148)),
                        WIDE,
                        Progress.ANSWERED,
                        Instant.parse("1970-01-01T00:00:09Z"));
        assertEquals(2, causes.size());
        assertTrue(causes.getFirst().startsWith("the clock is wrong"), causes.toString());
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertEquals(
                List.of("nothing is wrong as far as can be seen from here"),
                causes(
                        status("connected", peer(5, true, 9000, 5000)),
                        WIDE,
                        Progress.ANSWERED,
                        NOW));
    }
}

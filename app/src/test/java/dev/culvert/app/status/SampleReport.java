package dev.culvert.app.status;

import dev.culvert.app.health.Readiness;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.datapath.nat.NatLimits;
import dev.culvert.datapath.nat.NatStatistics;
import dev.culvert.wg.packet.DropReason;
import java.util.List;
import java.util.Map;

/** A report in which everything occurs. */
public final class SampleReport {
    public static final String KEY = "a6oniBujlUXqOmv5Hst0v8xCqidy7O4JcN8Q6YRM5Hk=";

    private SampleReport() {}

    /** One that is connected, with these peers. */
    public static StatusReport with(PeerStatus... peers) {
        return new StatusReport(
                "0.1.0",
                "connected",
                new Readiness(true, "connected"),
                3700,
                new KillSwitchReport(
                        true, "L2", "connected", Map.of("dns", 12L, "raw", 3L, "forwarded", 6L)),
                List.of(
                        new TunnelStatus(
                                "wg0",
                                "/config/wg0.conf",
                                List.of(peers),
                                statistics(),
                                new NatStatistics(3, 4, 5, 20, NatLimits.DEFAULT, 2048, 70, 80))),
                new ProcessStatus(
                        61_000_000, Map.of("outbound-0", 1.5, "home", 0.25), 42, 65_536, 500),
                List.of());
    }

    public static PeerStatus peer(String publicKey, long rxBytes) {
        return new PeerStatus(
                publicKey,
                "192.0.2.2:51820",
                true,
                65,
                4,
                rxBytes,
                2 * rxBytes,
                rxBytes / 100,
                rxBytes / 50);
    }

    private static DatapathStatistics statistics() {
        return new DatapathStatistics(
                "syscalls",
                "boringssl",
                true,
                0,
                true,
                true,
                1000,
                40,
                1,
                0,
                2,
                3,
                4096,
                Map.of(
                        DropReason.NO_PEER,
                        7L,
                        DropReason.COUNTER_REPLAYED,
                        9L,
                        DropReason.NAT_OVER_QUOTA,
                        11L));
    }
}

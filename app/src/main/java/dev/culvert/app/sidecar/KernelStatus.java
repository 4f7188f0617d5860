package dev.culvert.app.sidecar;

import dev.culvert.app.health.Readiness;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.status.KillSwitchReport;
import dev.culvert.app.status.PeerStatus;
import dev.culvert.app.status.ProcessStatus;
import dev.culvert.app.status.StatusReport;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.app.status.Version;
import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.KillSwitchStatus;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.ErrnoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a report that can be seen from outside: whoever asks, and whether the process lives
 * or not.
 */
public final class KernelStatus {
    private KernelStatus() {}

    /**
     * @param problems what is not known is added
     */
    static KillSwitchReport killSwitch(Rtnetlink rtnetlink, List<String> problems) {
        Map<String, Long> heldBack = new LinkedHashMap<>();
        String level = "not known";
        String policy = "not known";
        boolean routes = false;
        try {
            KillSwitchStatus status = KillSwitch.status();
            level = status.level().label();
            policy = status.state();
            status.heldBack().entrySet().stream()
                    .filter(held -> held.getValue().packets() > 0)
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(
                            held -> heldBack.put(held.getKey().label(), held.getValue().packets()));
            routes = RoutePlanner.divert(rtnetlink.rules().list());
        } catch (KillSwitchException | ErrnoException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        }
        return new KillSwitchReport(routes, level, policy, heldBack);
    }

    /** Without a sidecar that could be asked: what the kernel has, and devices that answer. */
    public static StatusReport withoutSidecar() {
        List<String> problems = new ArrayList<>();
        KillSwitchReport killSwitch =
                new KillSwitchReport(false, "not known", "not known", Map.of());
        List<TunnelStatus> devices = List.of();
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            killSwitch = killSwitch(rtnetlink, problems);
            devices = ForeignDevices.of(rtnetlink, problems);
        } catch (ErrnoException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        }
        String state = state(devices);
        return new StatusReport(
                Version.text(),
                state,
                new Readiness(!devices.isEmpty(), state),
                0,
                killSwitch,
                devices,
                ProcessStatus.NONE,
                problems);
    }

    /** Which of their peers are wanted, and when, nobody here knows: any one will do. */
    private static String state(List<TunnelStatus> devices) {
        if (devices.isEmpty()) {
            return "stopped";
        }
        return devices.stream()
                        .flatMap(device -> device.peers().stream())
                        .anyMatch(PeerStatus::connected)
                ? "connected"
                : "running";
    }
}

package dev.culvert.app.sidecar;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.KillSwitchStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of a report that the kernel knows: whoever asks, and whether the process lives or not.
 */
public final class KernelStatus {
    private KernelStatus() {}

    static StatusReport report(
            String state,
            String interfaceName,
            String source,
            List<StatusReport.PeerStatus> peers,
            List<String> problems) {
        List<String> known = new ArrayList<>(problems);
        Map<String, Long> heldBack = new LinkedHashMap<>();
        String level = "not known";
        String policy = "not known";
        try {
            KillSwitchStatus status = KillSwitch.status();
            level = status.level().label();
            policy = status.state();
            status.heldBack().entrySet().stream()
                    .filter(held -> held.getValue().packets() > 0)
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(
                            held -> heldBack.put(held.getKey().label(), held.getValue().packets()));
        } catch (KillSwitchException refused) {
            known.add(String.valueOf(refused.getMessage()));
        }
        return new StatusReport(
                state, interfaceName, source, level, policy, peers, heldBack, known);
    }

    /** Without a process that could be asked. */
    public static StatusReport ofStopped() {
        return report("stopped", "", "", List.of(), List.of());
    }
}

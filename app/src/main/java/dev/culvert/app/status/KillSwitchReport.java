package dev.culvert.app.status;

import dev.culvert.killswitch.ruleset.Reason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The kill switch as the kernel has it.
 *
 * @param routes L0: packets without the mark find no way beside the tunnel
 * @param level that the rules reach: {@code none}, {@code L1}, {@code L2}
 * @param policy the state that they are for
 * @param heldBack packets by reason, only what was counted
 */
public record KillSwitchReport(
        boolean routes, String level, String policy, Map<String, Long> heldBack) {
    public KillSwitchReport {
        heldBack = Collections.unmodifiableMap(new LinkedHashMap<>(heldBack));
    }

    /** Packets for somebody else that were not forwarded. */
    public long rejected() {
        return heldBack.getOrDefault(Reason.FORWARDED.label(), 0L);
    }
}

package dev.culvert.killswitch;

import dev.culvert.killswitch.ruleset.Reason;
import dev.culvert.killswitch.ruleset.Tally;
import java.util.Map;

/**
 * What the kernel has, whoever has put it there.
 *
 * @param state of the policy that was applied last: {@code armed}, {@code connected}, ...; {@code
 *     open} without rules
 * @param heldBack what was held back since the first rules, by reason
 */
public record KillSwitchStatus(Level level, String state, Map<Reason, Tally> heldBack) {
    public KillSwitchStatus {
        heldBack = Map.copyOf(heldBack);
    }
}

package dev.culvert.app.status;

import dev.culvert.app.health.Readiness;
import java.util.List;

/**
 * All that is known at one moment.
 *
 * @param version of the program
 * @param state {@code connected}, {@code connecting}, {@code failed}, {@code stopped}; {@code
 *     running}: devices that others configure, without a session
 * @param uptimeSeconds of the process; 0: it does not run
 * @param problems why it failed, or what is to be known, one line each
 */
public record StatusReport(
        String version,
        String state,
        Readiness readiness,
        long uptimeSeconds,
        KillSwitchReport killSwitch,
        List<TunnelStatus> tunnels,
        ProcessStatus process,
        List<String> problems) {
    public StatusReport {
        tunnels = List.copyOf(tunnels);
        problems = List.copyOf(problems);
    }

    /** Whether everything is as it should be: 0, else 1. */
    public int exitStatus() {
        return state.equals("connected") ? 0 : 1;
    }

    /** For people. */
    public String text() {
        return StatusText.of(this);
    }

    /** For programs: one object, one line. */
    public String json() {
        return StatusJson.of(this);
    }
}

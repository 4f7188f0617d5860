package dev.culvert.app.diagnose;

import dev.culvert.app.status.StatusReport;
import java.time.Instant;

/**
 * What the likely cause is concluded from.
 *
 * @param tunnelMtuBytes 0: there is no tunnel
 */
record Observations(
        StatusReport status,
        Instant clock,
        int tunnelMtuBytes,
        PathProbe.Result path,
        ExitProbe.Result exit) {}

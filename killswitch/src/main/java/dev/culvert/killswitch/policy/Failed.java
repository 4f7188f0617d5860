package dev.culvert.killswitch.policy;

import java.util.List;

/**
 * Something went wrong for good: a configuration that does not parse, a tunnel that cannot be set
 * up. As closed as before the start; the name tells the two apart.
 */
public record Failed(List<Uplink> uplinks, Exemptions exemptions) implements Policy {
    public Failed {
        uplinks = List.copyOf(uplinks);
    }

    @Override
    public String state() {
        return "failed";
    }
}

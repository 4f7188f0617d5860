package dev.culvert.killswitch.policy;

import java.util.List;

/** Before there is anything to connect: loopback and exemptions only. */
public record Armed(List<Uplink> uplinks, Exemptions exemptions) implements Policy {
    public Armed {
        uplinks = List.copyOf(uplinks);
    }

    @Override
    public String state() {
        return "armed";
    }
}

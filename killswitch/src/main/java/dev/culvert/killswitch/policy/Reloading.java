package dev.culvert.killswitch.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * From one configuration to the next: sessions with the endpoints of both live on until it is done.
 *
 * @param mark of the program's own sockets, not 0
 * @param listenPorts those of both
 */
public record Reloading(
        List<Uplink> uplinks,
        Exemptions exemptions,
        int mark,
        Set<Endpoint> before,
        Set<Endpoint> after,
        Set<Integer> listenPorts,
        List<TunnelLink> tunnels,
        Optional<Pinhole> pinhole)
        implements Policy {
    public Reloading {
        uplinks = List.copyOf(uplinks);
        tunnels = List.copyOf(tunnels);
        before = Marks.checked(mark, before);
        after = Marks.checked(mark, after);
        listenPorts = Marks.checkedPorts(listenPorts);
    }

    @Override
    public String state() {
        return "reloading";
    }

    @Override
    public OptionalInt fwmark() {
        return OptionalInt.of(mark);
    }

    @Override
    public Set<Endpoint> endpoints() {
        Set<Endpoint> both = new HashSet<>(before);
        both.addAll(after);
        return both;
    }
}

package dev.culvert.killswitch.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A session is there.
 *
 * @param mark of the program's own sockets, not 0
 */
public record Connected(
        List<Uplink> uplinks,
        Exemptions exemptions,
        int mark,
        Set<Endpoint> endpoints,
        Set<Integer> listenPorts,
        TunnelLink link)
        implements Policy {
    public Connected {
        uplinks = List.copyOf(uplinks);
        endpoints = Marks.checked(mark, endpoints);
        listenPorts = Marks.checkedPorts(listenPorts);
    }

    @Override
    public String state() {
        return "connected";
    }

    @Override
    public OptionalInt fwmark() {
        return OptionalInt.of(mark);
    }

    @Override
    public Optional<TunnelLink> tunnel() {
        return Optional.of(link);
    }
}

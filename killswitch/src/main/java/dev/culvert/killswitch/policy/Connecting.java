package dev.culvert.killswitch.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Names are resolved, the first handshake is on its way.
 *
 * @param mark of the program's own sockets, not 0
 * @param endpoints those that are known by now
 * @param tunnel once it exists: its packets wait in it for the session
 */
public record Connecting(
        List<Uplink> uplinks,
        Exemptions exemptions,
        int mark,
        Set<Endpoint> endpoints,
        Set<Integer> listenPorts,
        Optional<TunnelLink> tunnel,
        Optional<Pinhole> pinhole)
        implements Policy {
    public Connecting {
        uplinks = List.copyOf(uplinks);
        endpoints = Marks.checked(mark, endpoints);
        listenPorts = Marks.checkedPorts(listenPorts);
    }

    @Override
    public String state() {
        return "connecting";
    }

    @Override
    public OptionalInt fwmark() {
        return OptionalInt.of(mark);
    }
}

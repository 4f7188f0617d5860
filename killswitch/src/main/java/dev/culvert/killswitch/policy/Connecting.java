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
 * @param tunnels those that exist: their packets wait in them for the session
 */
public record Connecting(
        List<Uplink> uplinks,
        Exemptions exemptions,
        int mark,
        Set<Endpoint> endpoints,
        Set<Integer> listenPorts,
        List<TunnelLink> tunnels,
        Optional<Pinhole> pinhole)
        implements Policy {
    public Connecting {
        uplinks = List.copyOf(uplinks);
        tunnels = List.copyOf(tunnels);
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

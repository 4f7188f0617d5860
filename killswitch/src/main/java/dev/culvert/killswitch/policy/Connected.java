package dev.culvert.killswitch.policy;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Sessions are there.
 *
 * @param mark of the program's own sockets, not 0
 */
public record Connected(
        List<Uplink> uplinks,
        Exemptions exemptions,
        int mark,
        Set<Endpoint> endpoints,
        Set<Integer> listenPorts,
        List<TunnelLink> tunnels)
        implements Policy {
    public Connected {
        uplinks = List.copyOf(uplinks);
        tunnels = List.copyOf(tunnels);
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
}

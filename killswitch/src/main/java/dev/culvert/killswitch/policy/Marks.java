package dev.culvert.killswitch.policy;

import java.util.Set;

/** What goes with the mark of the program's own sockets. */
final class Marks {
    private Marks() {}

    /** A copy of the endpoints, if there is a mark to tell the program's packets by. */
    static Set<Endpoint> checked(int mark, Set<Endpoint> endpoints) {
        if (mark == 0) {
            throw new IllegalArgumentException(
                    "a mark of 0 does not tell the program's packets from those of others");
        }
        return Set.copyOf(endpoints);
    }

    /** A copy of the ports, if they are ports. */
    static Set<Integer> checkedPorts(Set<Integer> ports) {
        for (int port : ports) {
            if (port < 1 || port > 0xffff) {
                throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
            }
        }
        return Set.copyOf(ports);
    }
}

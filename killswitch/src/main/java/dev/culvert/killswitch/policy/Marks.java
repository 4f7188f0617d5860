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
}

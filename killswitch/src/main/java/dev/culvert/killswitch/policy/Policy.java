package dev.culvert.killswitch.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What may pass in one state. The five states differ in three things only: whether the tunnel may
 * be used, which endpoints the encrypted flow may reach, and whether a pinhole is open.
 */
public sealed interface Policy permits Armed, Connecting, Connected, Reloading, Failed {
    /** The state's name in the ruleset and in messages: {@code connected}. */
    String state();

    List<Uplink> uplinks();

    Exemptions exemptions();

    /** The mark of the program's own sockets; none in states without any flow of its own. */
    default OptionalInt fwmark() {
        return OptionalInt.empty();
    }

    /** Where encrypted packets may go. */
    default Set<Endpoint> endpoints() {
        return Set.of();
    }

    /**
     * UDP ports at which peers call whose addresses are not known; the encrypted flow may go from
     * there to anywhere.
     */
    default Set<Integer> listenPorts() {
        return Set.of();
    }

    /** Whether someone may call from the uplinks whose address is not known. */
    default boolean isCalledByStrangers() {
        return !exemptions().inboundPorts().isEmpty() || !listenPorts().isEmpty();
    }

    /** Each of them is open, and closed to what comes from the others but for their crossings. */
    default List<TunnelLink> tunnels() {
        return List.of();
    }

    default Optional<Pinhole> pinhole() {
        return Optional.empty();
    }
}

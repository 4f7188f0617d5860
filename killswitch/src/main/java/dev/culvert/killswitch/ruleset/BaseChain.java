package dev.culvert.killswitch.ruleset;

import java.util.List;

/**
 * A chain that hangs on a hook and drops what its rules do not let pass.
 *
 * @param devices for a netdev chain the links it hangs on, else empty
 */
public record BaseChain(String hook, List<String> devices, List<Rule> rules) {
    public BaseChain {
        devices = List.copyOf(devices);
        rules = List.copyOf(rules);
    }

    /** Each chain is named after its hook. */
    public String name() {
        return hook;
    }
}

package dev.culvert.killswitch.policy;

import java.util.regex.Pattern;

/** Names that may stand in a ruleset. */
final class LinkNames {
    /** The kernel takes more; what could end a quoted string in a ruleset is left out. */
    private static final Pattern NAME = Pattern.compile("[^\\s/:\"\\\\{}$;]{1,15}");

    private LinkNames() {}

    static void check(String name, int ifindex) {
        if (!NAME.matcher(name).matches() || name.equals("lo")) {
            throw new IllegalArgumentException("\"" + name + "\" is not a link to make rules for");
        }
        if (ifindex < 1) {
            throw new IllegalArgumentException(name + " has no index: " + ifindex);
        }
    }
}

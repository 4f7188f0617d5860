package dev.culvert.app.config;

import java.util.regex.Pattern;

/** What a hook is for, as far as its words tell. */
enum HookLine {
    /** Packet filter rules that close everything but the tunnel, as VPN providers write them. */
    KILL_SWITCH(
            "not needed and not run: culvert's own kill switch does this, before and after the tunnel"),
    /** Rules or routes that keep the local network reachable. */
    LOCAL_NETWORK(
            "not needed and not run: name the local networks in NETWORK, for example NETWORK=192.168.0.0/16"),
    OTHER("");

    private static final Pattern FILTER = Pattern.compile("\\b(ip6?tables(-\\w+)?|nft)\\b");
    private static final Pattern CLOSES = Pattern.compile("\\b(REJECT|DROP|reject|drop)\\b");
    private static final Pattern OUTPUT = Pattern.compile("\\b(OUTPUT|output)\\b");
    private static final Pattern OPENS = Pattern.compile("-d\\s+\\S+.*\\b(ACCEPT|accept)\\b");
    private static final Pattern ROUTES =
            Pattern.compile("\\bip\\s+(-[46]\\s+)?(route|r|rule)\\s+(add|del|delete|replace)\\b");

    /** What is said to the user in its place. */
    final String note;

    HookLine(String note) {
        this.note = note;
    }

    static HookLine of(String command) {
        boolean filtersOutput = FILTER.matcher(command).find() && OUTPUT.matcher(command).find();
        if (filtersOutput && CLOSES.matcher(command).find()) {
            return KILL_SWITCH;
        }
        if ((filtersOutput && OPENS.matcher(command).find()) || ROUTES.matcher(command).find()) {
            return LOCAL_NETWORK;
        }
        return OTHER;
    }
}

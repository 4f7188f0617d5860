package dev.culvert.killswitch.leaktest;

import dev.culvert.killswitch.nftables.Listing;
import dev.culvert.killswitch.nftables.Nftables;
import dev.culvert.killswitch.nftables.NftablesException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of its own that notes the destinations of probes that really leave a link: it hangs
 * behind the rules of the kill switch, on the same hook, so it sees only what they let pass. It
 * holds nothing back. CAP_NET_ADMIN is all it takes; a capture would take CAP_NET_RAW as well.
 */
final class Witness implements AutoCloseable {
    private static final String TABLE = "culvert-leaktest";
    private static final String LOOPBACK = "lo";
    private static final int BEHIND_THE_KILL_SWITCH = 1000;

    private Witness() {}

    /** Watches these links, and loopback. */
    static Witness watch(Collection<String> links) throws LeakTestException {
        String devices =
                links.isEmpty()
                        ? "\"" + LOOPBACK + "\""
                        : "\"" + LOOPBACK + "\", \"" + String.join("\", \"", links) + "\"";
        String commands =
                removal()
                        + "table netdev "
                        + TABLE
                        + " {\n"
                        + "    set seen4 { type ipv4_addr; flags dynamic; size 65535; }\n"
                        + "    set seen6 { type ipv6_addr; flags dynamic; size 65535; }\n"
                        + "    chain egress {\n"
                        + "        type filter hook egress devices = { "
                        + devices
                        + " } priority "
                        + BEHIND_THE_KILL_SWITCH
                        + "; policy accept;\n"
                        + "        ip daddr { 198.18.0.0/15, 127.0.0.1 } add @seen4 { ip daddr }\n"
                        + "        ip6 daddr 2001:2::/48 add @seen6 { ip6 daddr }\n"
                        + "    }\n"
                        + "}\n";
        try {
            Nftables.run(commands);
        } catch (NftablesException refused) {
            throw new LeakTestException(
                    "the uplinks cannot be watched (Linux 5.16 or later, CAP_NET_ADMIN): "
                            + refused.getMessage(),
                    refused);
        }
        return new Witness();
    }

    /** The destinations that were seen by now. */
    Set<InetAddress> seen() throws LeakTestException {
        Set<InetAddress> seen = new HashSet<>();
        try {
            for (String set : List.of("seen4", "seen6")) {
                for (String element : Listing.setElements("netdev", TABLE, set)) {
                    seen.add(InetAddress.ofLiteral(element));
                }
            }
        } catch (NftablesException refused) {
            throw new LeakTestException(String.valueOf(refused.getMessage()), refused);
        }
        return seen;
    }

    private static String removal() {
        return "add table netdev " + TABLE + "\ndelete table netdev " + TABLE + "\n";
    }

    @Override
    public void close() throws LeakTestException {
        try {
            Nftables.run(removal());
        } catch (NftablesException refused) {
            throw new LeakTestException(
                    "the table netdev " + TABLE + " is still there: " + refused.getMessage(),
                    refused);
        }
    }
}

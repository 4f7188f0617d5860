package dev.culvert.killswitch;

import dev.culvert.killswitch.nftables.Listing;
import dev.culvert.killswitch.nftables.NftablesException;
import dev.culvert.killswitch.ruleset.Reason;
import dev.culvert.killswitch.ruleset.Ruleset;
import dev.culvert.killswitch.ruleset.Tally;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the kernel has now. */
final class LiveRules {
    private static final String L1 = "inet " + Ruleset.TABLE;
    private static final String L2 = "netdev " + Ruleset.TABLE;
    private static final List<String> SOCKET_HOOKS = List.of("output", "forward", "input");

    private LiveRules() {}

    static KillSwitchStatus read() throws NftablesException {
        Set<String> tables = Listing.tables();
        Map<Reason, Tally> heldBack = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            heldBack.put(reason, Tally.ZERO);
        }
        String state = "open";
        Level level = Level.NONE;
        if (tables.contains(L1)) {
            Listing sockets = Listing.read("inet", Ruleset.TABLE);
            count(heldBack, sockets);
            if (SOCKET_HOOKS.stream().allMatch(hook -> closed(sockets, hook))) {
                level = Level.L1;
                state =
                        sockets.chains().keySet().stream()
                                .flatMap(chain -> Ruleset.stateOf(chain).stream())
                                .findFirst()
                                .orElse("unknown");
            }
        }
        if (tables.contains(L2)) {
            Listing frames = Listing.read("netdev", Ruleset.TABLE);
            count(heldBack, frames);
            if (level == Level.L1 && closed(frames, "egress")) {
                level = Level.L2;
            }
        }
        return new KillSwitchStatus(level, state, heldBack);
    }

    private static boolean closed(Listing listing, String hook) {
        return Optional.ofNullable(listing.chains().get(hook))
                .filter(chain -> hook.equals(chain.hook()) && "drop".equals(chain.policy()))
                .isPresent();
    }

    private static void count(Map<Reason, Tally> heldBack, Listing listing) {
        for (Reason reason : Reason.values()) {
            Listing.ListedCounter counter = listing.counters().get(reason.label());
            if (counter != null) {
                heldBack.put(reason, new Tally(counter.packets(), counter.bytes()));
            }
        }
    }
}

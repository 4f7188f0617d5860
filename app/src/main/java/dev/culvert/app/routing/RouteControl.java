package dev.culvert.app.routing;

import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.rtnetlink.Rule;
import dev.culvert.tun.sys.Errno;
import java.util.List;
import java.util.Set;

/** Puts plans into force. What is there already is left as it is. */
public final class RouteControl {
    private final Rtnetlink rtnetlink;
    private RoutePlan current = RoutePlan.EMPTY;

    /**
     * @param rtnetlink stays the caller's
     */
    public RouteControl(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /** Adds what the plan has, then removes what only the plan before had. */
    public void apply(RoutePlan plan) throws RtnetlinkException {
        // All of it, not what is new alone: routes go with their links without asking.
        for (Route route : plan.routes()) {
            // What somebody else has put into main stays, what this process has goes elsewhere.
            if (route.table() == Route.TABLE_MAIN
                    && (current.routes().contains(route) || !current.leadsTo(route))) {
                ignoring(Errno.EEXIST, () -> rtnetlink.routes().add(route));
            } else {
                rtnetlink.routes().replace(route);
            }
        }
        for (Rule rule : plan.rules()) {
            ignoring(Errno.EEXIST, () -> rtnetlink.rules().add(rule));
        }
        RoutePlan stale = current.without(plan);
        current = plan;
        remove(stale);
    }

    /** The same, and removes rules of any process that the plan has not. */
    public void applyAlone(RoutePlan plan) throws RtnetlinkException {
        apply(plan);
        for (Rule rule : rtnetlink.rules().list()) {
            if (RoutePlanner.isOurs(rule) && !plan.rules().contains(rule)) {
                ignoring(Errno.ENOENT, () -> rtnetlink.rules().delete(rule));
            }
        }
    }

    private void remove(RoutePlan plan) throws RtnetlinkException {
        for (Rule rule : plan.rules()) {
            ignoring(Errno.ENOENT, () -> rtnetlink.rules().delete(rule));
        }
        for (Route route : plan.routes()) {
            ignoring(Errno.ESRCH, () -> rtnetlink.routes().delete(route));
        }
    }

    /**
     * Removes what any process has left: our rules and all that is in the tables that they name.
     *
     * @param plan further routes, in tables of others
     */
    public static void removeAll(Rtnetlink rtnetlink, RoutePlan plan) throws RtnetlinkException {
        List<Rule> rules = rtnetlink.rules().list().stream().filter(RoutePlanner::isOurs).toList();
        Set<Integer> tables =
                Set.copyOf(
                        rules.stream()
                                .map(Rule::table)
                                .filter(table -> table != Route.TABLE_MAIN)
                                .distinct()
                                .toList());
        RouteControl control = new RouteControl(rtnetlink);
        for (Rule rule : rules) {
            ignoring(Errno.ENOENT, () -> rtnetlink.rules().delete(rule));
        }
        for (Route route : rtnetlink.routes().list()) {
            if (tables.contains(route.table())) {
                ignoring(Errno.ESRCH, () -> rtnetlink.routes().delete(route));
            }
        }
        control.remove(plan);
    }

    @FunctionalInterface
    private interface Request {
        void send() throws RtnetlinkException;
    }

    private static void ignoring(int errno, Request request) throws RtnetlinkException {
        try {
            request.send();
        } catch (RtnetlinkException refused) {
            if (refused.errno() != errno) {
                throw refused;
            }
        }
    }
}

package dev.culvert.app.routing;

import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.rtnetlink.Rule;
import dev.culvert.tun.sys.Errno;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts plans into force. What is there already is left as it is. */
public final class RouteControl {
    private static final Logger log = LoggerFactory.getLogger(RouteControl.class);

    /** The link is down or gone: its routes come back with it. */
    private static final Set<Integer> WITHOUT_LINK =
            Set.of(Errno.ENETDOWN, Errno.ENODEV, Errno.ENETUNREACH, Errno.EHOSTUNREACH);

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
            put(route);
        }
        for (Rule rule : plan.rules()) {
            put(rule);
        }
        RoutePlan stale = current.without(plan);
        current = plan;
        remove(stale);
    }

    private void put(Route route) throws RtnetlinkException {
        // What somebody else has put into main stays, what this process has goes elsewhere.
        if (route.table() == Route.TABLE_MAIN
                && (current.routes().contains(route) || !current.leadsTo(route))) {
            ignoring(Errno.EEXIST, () -> rtnetlink.routes().add(route));
        } else {
            rtnetlink.routes().replace(route);
        }
    }

    private void put(Rule rule) throws RtnetlinkException {
        ignoring(Errno.EEXIST, () -> rtnetlink.rules().add(rule));
    }

    /** Puts back what others have taken away, and what has gone with a link that is there again. */
    public void restore() throws RtnetlinkException {
        RoutePlan gone = current.lackingIn(rtnetlink.routes().list(), rtnetlink.rules().list());
        int restored = 0;
        for (Rule rule : gone.rules()) {
            put(rule);
            restored++;
        }
        for (Route route : gone.routes()) {
            try {
                put(route);
                restored++;
            } catch (RtnetlinkException refused) {
                if (!WITHOUT_LINK.contains(refused.errno())) {
                    throw refused;
                }
            }
        }
        if (restored > 0) {
            log.warn("routes and routing rules were gone, and are back: {}", restored);
        }
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

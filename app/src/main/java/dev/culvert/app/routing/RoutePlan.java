package dev.culvert.app.routing;

import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.RouteType;
import dev.culvert.tun.rtnetlink.Rule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Routes and policy rules that belong together, in the order in which to add them.
 *
 * @param routes each with a table
 * @param rules each with a priority
 */
public record RoutePlan(Set<Route> routes, Set<Rule> rules) {
    /** Nothing. */
    public static final RoutePlan EMPTY = new RoutePlan(Set.of(), Set.of());

    /** What either has. */
    public RoutePlan and(RoutePlan other) {
        Set<Route> allRoutes = new LinkedHashSet<>(routes);
        allRoutes.addAll(other.routes);
        Set<Rule> allRules = new LinkedHashSet<>(rules);
        allRules.addAll(other.rules);
        return new RoutePlan(allRoutes, allRules);
    }

    /** Whether it has a route to the same destination in the same table. */
    boolean leadsTo(Route route) {
        return routes.stream()
                .anyMatch(own ->
                        own.table() == route.table()
                                && own.destination().equals(route.destination()));
    }

    /**
     * What of it the kernel has not. In main any route to the destination will do.
     *
     * @param presentRoutes of all tables
     * @param presentRules all
     */
    RoutePlan lackingIn(List<Route> presentRoutes, List<Rule> presentRules) {
        Set<Route> present =
                presentRoutes.stream().map(RoutePlan::essence).collect(Collectors.toSet());
        Set<Route> lackingRoutes = new LinkedHashSet<>(routes);
        lackingRoutes.removeIf(route -> present.contains(essence(route)));
        Set<Rule> lackingRules = new LinkedHashSet<>(rules);
        presentRules.forEach(lackingRules::remove);
        return new RoutePlan(lackingRoutes, lackingRules);
    }

    /** What the kernel lists as it was given: metrics and links of closed routes it fills in. */
    private static Route essence(Route route) {
        boolean main = route.table() == Route.TABLE_MAIN;
        boolean open = route.type() == RouteType.UNICAST;
        return new Route(
                route.destination(),
                main ? RouteType.UNICAST : route.type(),
                route.table(),
                open && !main ? route.linkIndex() : 0,
                main ? null : route.gateway(),
                0,
                null);
    }

    /** What this plan has and the other has not. */
    RoutePlan without(RoutePlan other) {
        Set<Route> moreRoutes = new LinkedHashSet<>(routes);
        moreRoutes.removeAll(other.routes);
        Set<Rule> moreRules = new LinkedHashSet<>(rules);
        moreRules.removeAll(other.rules);
        return new RoutePlan(moreRoutes, moreRules);
    }
}

package dev.culvert.app.routing;

import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.Rule;
import java.util.LinkedHashSet;
import java.util.Set;

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

    /** What this plan has and the other has not. */
    RoutePlan without(RoutePlan other) {
        Set<Route> moreRoutes = new LinkedHashSet<>(routes);
        moreRoutes.removeAll(other.routes);
        Set<Rule> moreRules = new LinkedHashSet<>(rules);
        moreRules.removeAll(other.rules);
        return new RoutePlan(moreRoutes, moreRules);
    }
}

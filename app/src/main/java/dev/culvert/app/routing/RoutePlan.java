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

    /** What this plan has and the other has not. */
    RoutePlan without(RoutePlan other) {
        Set<Route> moreRoutes = new LinkedHashSet<>(routes);
        moreRoutes.removeAll(other.routes);
        Set<Rule> moreRules = new LinkedHashSet<>(rules);
        moreRules.removeAll(other.rules);
        return new RoutePlan(moreRoutes, moreRules);
    }
}

package dev.culvert.app.config;

/** Which routing table the routes of the allowed IPs go into: {@code Table} of a wg-quick file. */
public sealed interface RoutingTable {
    /** No routes at all. */
    record Off() implements RoutingTable {}

    /** A default route gets a table of its own with policy rules, other routes go into main. */
    record Auto() implements RoutingTable {}

    /**
     * All routes go into this table, and no policy rules are made.
     *
     * @param id unsigned 32 bit
     */
    record Numbered(int id) implements RoutingTable {}
}

package dev.culvert.app.relay;

import dev.culvert.app.connection.Connection;
import dev.culvert.app.routing.Ways;
import dev.culvert.app.rules.RouteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which tunnel is the way where rules leave a choice: the first that answers. */
final class WayChoice {
    private static final Logger log = LoggerFactory.getLogger(WayChoice.class);

    /** A way that has come back has to last that long before it is taken again. */
    private static final long STEADY_NS = 5_000_000_000L;

    private final Ways ways;
    private final Map<String, Connection> connections;

    /**
     * @param connections by the names of their links, as they are at any time
     */
    WayChoice(Ways ways, Map<String, Connection> connections) {
        this.ways = ways;
        this.connections = connections;
    }

    /** Takes other ways where it is time. True: one was taken, and has to be put into force. */
    boolean look(long nowNs) {
        boolean another = false;
        for (RouteRule.Via via : ways.vias()) {
            another |= choose(via, nowNs);
        }
        return another;
    }

    /** The first that answers; one that has come back only when it lasts. True: another one. */
    private boolean choose(RouteRule.Via via, long nowNs) {
        String present = ways.chosen(via);
        boolean presentAnswers = answersNs(present, via, nowNs) >= 0;
        for (String link : via.links()) {
            if (link.equals(present) && presentAnswers) {
                return false;
            }
            long answersNs = answersNs(link, via, nowNs);
            if (answersNs >= (presentAnswers ? STEADY_NS : 0)) {
                log.warn(
                        "{} goes by {} now: {} {}",
                        via.destination(),
                        link,
                        presentAnswers ? link : present,
                        presentAnswers ? "is back" : "does not answer");
                ways.choose(via, link);
                return true;
            }
        }
        return false;
    }

    /** For how long; -1: it does not. */
    private long answersNs(String link, RouteRule.Via via, long nowNs) {
        Connection connection = connections.get(link);
        return connection == null ? -1 : connection.answersNs(via.destination(), nowNs);
    }

    /** The tunnels without which something is out of reach. */
    List<String> missing(long nowNs) {
        List<String> missing = new ArrayList<>();
        connections.forEach((link, connection) -> {
            if (!connection.isConnected() && !isReplaced(link, nowNs)) {
                missing.add(link);
            }
        });
        return missing;
    }

    /** Whether rules name others beside it, one of which answers for each network. */
    private boolean isReplaced(String link, long nowNs) {
        List<RouteRule.Via> choices =
                ways.vias().stream()
                        .filter(via -> via.links().size() > 1 && via.links().contains(link))
                        .toList();
        return !choices.isEmpty()
                && choices.stream()
                        .allMatch(via ->
                                via.links().stream()
                                        .anyMatch(other -> answersNs(other, via, nowNs) >= 0));
    }

    /** Whether it is a way for which another one is ready, should it not answer. */
    boolean isReplaceable(String link, long nowNs) {
        List<RouteRule.Via> own =
                ways.vias().stream().filter(via -> ways.chosen(via).equals(link)).toList();
        return !own.isEmpty()
                && own.stream()
                        .allMatch(via ->
                                via.links().stream()
                                        .anyMatch(other ->
                                                !other.equals(link)
                                                        && answersNs(other, via, nowNs) >= 0));
    }

    /** Whether nothing is out of reach: of tunnels that stand in for one another one will do. */
    boolean isWhole() {
        return connections.values().stream().allMatch(Connection::isConnected)
                || (!ways.vias().isEmpty() && missing(System.nanoTime()).isEmpty());
    }
}

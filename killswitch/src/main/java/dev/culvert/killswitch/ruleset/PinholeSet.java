package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Pinhole;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The targets of a pinhole, of one family, as a set whose elements the kernel removes in time. */
record PinholeSet(Family family, List<Pinhole.Target> targets, long lifetimeSeconds) {

    static List<PinholeSet> of(Optional<Pinhole> pinhole) {
        return pinhole.stream()
                .flatMap(open ->
                        Family.both().stream()
                                .map(family ->
                                        new PinholeSet(
                                                family,
                                                open.targets().stream()
                                                        .filter(target ->
                                                                family.fits(target.address()))
                                                        .toList(),
                                                open.lifetime().toSeconds())))
                .filter(set -> !set.targets.isEmpty())
                .toList();
    }

    String name() {
        return "pinhole-" + family.keyword();
    }

    /**
     * The packets that go through: {@code field} is daddr or saddr, {@code port} dport or sport.
     */
    String match(String field, String port) {
        return family.keyword() + " " + field + " . meta l4proto . th " + port + " @" + name();
    }

    String text() {
        return "set "
                + name()
                + " { type "
                + family.addressType()
                + " . inet_proto . inet_service; flags timeout; elements = { "
                + targets.stream().map(this::element).collect(Collectors.joining(", "))
                + " } }";
    }

    private String element(Pinhole.Target target) {
        return target.address().getHostAddress()
                + " . "
                + target.transport().name().toLowerCase(Locale.ROOT)
                + " . "
                + target.port()
                + " timeout "
                + lifetimeSeconds
                + "s";
    }
}

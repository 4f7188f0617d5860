package dev.culvert.killswitch.ruleset;

/** What a counter has counted. */
public record Tally(long packets, long bytes) {
    public static final Tally ZERO = new Tally(0, 0);
}

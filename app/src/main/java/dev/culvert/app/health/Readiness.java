package dev.culvert.app.health;

/**
 * Whether traffic may be sent to a tunnel.
 *
 * @param ready the kill switch is armed, and each required tunnel has a young handshake and has
 *     received something
 * @param why one line: of a sidecar that is not ready, what is missing
 */
public record Readiness(boolean ready, String why) {}

package dev.culvert.app.config;

import java.net.URI;
import java.util.List;

/**
 * How to see whether a tunnel leads to where it should.
 *
 * @param urls one that answers is enough
 * @param attempts before it counts as failed
 * @param intervalSeconds between them
 */
public record ConnectionCheck(
        Schedule schedule, List<URI> urls, int attempts, int intervalSeconds) {
    public ConnectionCheck {
        urls = List.copyOf(urls);
    }
}

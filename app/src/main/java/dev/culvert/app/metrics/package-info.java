/**
 * Metrics for Prometheus, by Micrometer. Every number comes out of one status report per scrape,
 * whose counters the packet threads keep for themselves: being scraped or not makes no difference
 * to them. Nothing here is loaded before the first scrape.
 */
@NullMarked
package dev.culvert.app.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * The end-to-end comparison: culvert and wireguard-go move the same traffic between two network
 * namespaces, in turn, in one run. Absolute figures of a shared machine are noise; the ratio of
 * alternating rounds is what counts.
 */
@NullMarked
package dev.culvert.bench.endtoend;

import org.jspecify.annotations.NullMarked;

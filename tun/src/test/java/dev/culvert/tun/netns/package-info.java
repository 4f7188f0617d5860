/**
 * Network namespaces for tests: made by {@code ip netns}, joined by veth pairs, removed with
 * everything that still runs in them. Tests that use this package need root and carry
 * {@code @Tag("netns")}.
 */
@NullMarked
package dev.culvert.tun.netns;

import org.jspecify.annotations.NullMarked;

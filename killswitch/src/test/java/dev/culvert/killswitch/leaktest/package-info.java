/**
 * The leak test: probes inside, every frame on the uplink captured outside. Tests need root and
 * carry {@code @Tag("netns")}.
 */
@NullMarked
package dev.culvert.killswitch.leaktest;

import org.jspecify.annotations.NullMarked;

/** The packet views, on every length and on mutated input. */
@NullMarked
package dev.culvert.wg.packet;

import org.jspecify.annotations.NullMarked;

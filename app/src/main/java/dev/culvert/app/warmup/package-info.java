/**
 * Right after a start: the packet path is compiled by packets of its own, and what only the start
 * has needed is let go of.
 */
@NullMarked
package dev.culvert.app.warmup;

import org.jspecify.annotations.NullMarked;

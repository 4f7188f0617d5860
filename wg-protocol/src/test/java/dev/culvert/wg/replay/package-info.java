/** The window against an oracle that remembers everything. */
@NullMarked
package dev.culvert.wg.replay;

import org.jspecify.annotations.NullMarked;

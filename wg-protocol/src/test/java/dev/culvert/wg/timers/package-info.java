/** The heap of deadlines against a sorted list. */
@NullMarked
package dev.culvert.wg.timers;

import org.jspecify.annotations.NullMarked;

/** Staged packets and traffic times, also from several threads. */
@NullMarked
package dev.culvert.wg.peer;

import org.jspecify.annotations.NullMarked;

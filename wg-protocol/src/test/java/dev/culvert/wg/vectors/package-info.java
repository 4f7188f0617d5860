/** Published test vectors, for the tests of every package. */
@NullMarked
package dev.culvert.wg.vectors;

import org.jspecify.annotations.NullMarked;

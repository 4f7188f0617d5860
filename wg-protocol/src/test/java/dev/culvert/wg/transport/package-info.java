/** Sealing, opening and the life of keypairs. */
@NullMarked
package dev.culvert.wg.transport;

import org.jspecify.annotations.NullMarked;

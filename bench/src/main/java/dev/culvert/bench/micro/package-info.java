/**
 * JMH: the pieces of the packet path and of the handshake one by one, with what they allocate. Each
 * is one thread; the parts share nothing, so cores add up.
 */
@NullMarked
package dev.culvert.bench.micro;

import org.jspecify.annotations.NullMarked;

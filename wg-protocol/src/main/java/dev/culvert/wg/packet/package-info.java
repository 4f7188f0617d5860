/**
 * Wire formats: the four WireGuard messages (whitepaper §5.4) and the inner IP packet's few fields
 * that the engine reads. Static views over {@code (segment, offset, length)}; no state, callable
 * from any thread.
 */
@NullMarked
package dev.culvert.wg.packet;

import org.jspecify.annotations.NullMarked;

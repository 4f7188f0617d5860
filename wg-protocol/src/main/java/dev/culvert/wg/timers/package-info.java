/**
 * The timeouts of the protocol (whitepaper §6) and the deadlines of each peer: exact, held in one
 * heap for the whole device, no tick. Home thread only.
 */
@NullMarked
package dev.culvert.wg.timers;

import org.jspecify.annotations.NullMarked;

/**
 * The engine: one {@link dev.culvert.wg.device.Device} is a WireGuard interface without sockets,
 * threads, clock or randomness of its own. Everything here belongs to the home thread. Input comes
 * in through {@code handle...} methods with the time, output is taken with {@link
 * dev.culvert.wg.device.Device#pollAction pollAction}, and {@link Device#nextDeadlineNs
 * nextDeadlineNs} says when the engine wants to be called again. Whitepaper §5 and §6.
 */
@NullMarked
package dev.culvert.wg.device;

import org.jspecify.annotations.NullMarked;

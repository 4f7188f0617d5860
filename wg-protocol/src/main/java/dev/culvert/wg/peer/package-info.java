/**
 * A peer as the packet path sees it: endpoint, current keypair, packets staged while there is no
 * session, counters, and the times of its traffic from which the home thread works out the timers
 * of whitepaper §6. Data-path threads only write a few fields per batch, and wake the home thread
 * when a timer has to be started or a handshake is due, which is rare. What only the home thread
 * needs of a peer lives in {@code device}.
 */
@NullMarked
package dev.culvert.wg.peer;

import org.jspecify.annotations.NullMarked;

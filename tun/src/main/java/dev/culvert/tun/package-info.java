/**
 * The TUN device: opening or adopting it, its offloads, and what happens to it later (up, down,
 * MTU, deletion, a move into another network namespace).
 *
 * <p>A {@link dev.culvert.tun.TunDevice} is a descriptor that the data path reads and writes; a
 * {@link dev.culvert.tun.TunMonitor} owns one thread and tells a {@link
 * dev.culvert.tun.TunListener} of changes.
 */
@NullMarked
package dev.culvert.tun;

import org.jspecify.annotations.NullMarked;

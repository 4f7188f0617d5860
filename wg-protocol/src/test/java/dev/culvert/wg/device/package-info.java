/**
 * Two devices against each other in virtual time, over a link that can lose, duplicate and reorder:
 * {@link dev.culvert.wg.device.PeerPair}. A second of virtual time costs nothing but what happens
 * in it.
 */
@NullMarked
package dev.culvert.wg.device;

import org.jspecify.annotations.NullMarked;

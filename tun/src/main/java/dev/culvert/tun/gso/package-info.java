/**
 * Generic segmentation offload, the way out: one super-packet read from the TUN becomes the packets
 * that a network device would have sent. Owned by the outbound thread.
 */
@NullMarked
package dev.culvert.tun.gso;

import org.jspecify.annotations.NullMarked;

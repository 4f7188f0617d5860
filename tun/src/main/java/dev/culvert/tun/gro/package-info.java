/**
 * Generic receive offload, the way in: runs of packets of one flow become one super-packet, written
 * to the TUN by one system call. Owned by the inbound thread.
 */
@NullMarked
package dev.culvert.tun.gro;

import org.jspecify.annotations.NullMarked;

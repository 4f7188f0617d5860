/**
 * What may leave and enter beside the tunnel, as data: one immutable record for each state of the
 * life cycle. Addresses are literals that somebody has resolved before; nothing here touches the
 * network or the kernel. Records check themselves when they are made and say in one line what is
 * wrong.
 */
@NullMarked
package dev.culvert.killswitch.policy;

import org.jspecify.annotations.NullMarked;

/** The TUN device: opening, offloads, life cycle. */
@NullMarked
package dev.culvert.tun;

import org.jspecify.annotations.NullMarked;

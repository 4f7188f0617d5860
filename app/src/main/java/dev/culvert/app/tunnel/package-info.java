/**
 * A tunnel put together: TUN device, data path and UAPI socket, in the order in which they may be
 * seen, and what ends it.
 */
@NullMarked
package dev.culvert.app.tunnel;

import org.jspecify.annotations.NullMarked;

/**
 * Reconnecting by the clock: a check of the connection through the tunnel, and what is done when it
 * fails. One thread of its own waits; what changes the tunnel is the main loop's. It exists only
 * where a schedule is set.
 */
@NullMarked
package dev.culvert.app.reconnect;

import org.jspecify.annotations.NullMarked;

/**
 * {@code culvert diagnose}: what somebody who is asked for advice wants to know, and the likely
 * cause. It looks and sends a few packets through the tunnel; it changes nothing and shows no key.
 * Runs on its caller's thread.
 */
@NullMarked
package dev.culvert.app.diagnose;

import org.jspecify.annotations.NullMarked;

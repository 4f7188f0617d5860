/**
 * Whether the sidecar is well: its main loop says so at each turn, others read it, from a file
 * without a Java runtime or over HTTP.
 */
@NullMarked
package dev.culvert.app.health;

import org.jspecify.annotations.NullMarked;

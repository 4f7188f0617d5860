/**
 * A start without a tunnel, run once when the program is built: the JVM writes down which classes
 * it needed, and each later start takes them from its ahead-of-time cache.
 */
@NullMarked
package dev.culvert.app.rehearsal;

import org.jspecify.annotations.NullMarked;

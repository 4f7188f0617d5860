/**
 * A start without a tunnel, run once when the program is built: the JVM writes down which classes
 * it needed, and each later start takes them from its ahead-of-time cache. The packets of it are
 * moved once more after each start, until the packet path is compiled: {@link
 * dev.culvert.app.rehearsal.WarmUp}.
 */
@NullMarked
package dev.culvert.app.rehearsal;

import org.jspecify.annotations.NullMarked;

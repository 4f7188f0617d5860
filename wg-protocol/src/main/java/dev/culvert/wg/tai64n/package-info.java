/**
 * TAI64N labels (whitepaper §5.1; cr.yp.to/libtai/tai64.html): the time in an initiation, by which
 * a responder refuses replayed ones. Stateless.
 */
@NullMarked
package dev.culvert.wg.tai64n;

import org.jspecify.annotations.NullMarked;

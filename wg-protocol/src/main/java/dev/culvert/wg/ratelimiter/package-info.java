/**
 * How many handshake initiations one source address may have answered under load (whitepaper §5.3):
 * a token bucket per source, in a table of fixed size. Owned by the home thread.
 */
@NullMarked
package dev.culvert.wg.ratelimiter;

import org.jspecify.annotations.NullMarked;

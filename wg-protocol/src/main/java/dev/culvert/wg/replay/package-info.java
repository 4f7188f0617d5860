/**
 * The sliding window that rejects replayed transport counters (whitepaper §5.4.6, RFC 6479). One
 * per keypair; checked by any inbound thread, updated under the window's own lock, uncontended as
 * long as a peer's packets reach one thread.
 */
@NullMarked
package dev.culvert.wg.replay;

import org.jspecify.annotations.NullMarked;

/**
 * ChaCha20-Poly1305 (RFC 8439) for transport data, behind one seam with three providers: OpenSSL 3
 * through the foreign function interface, the JDK's cipher, and Bouncy Castle. A provider is chosen
 * once at start-up and only after it passed a known-answer test. Providers may be used from any
 * thread; a key belongs to one thread at a time.
 */
@NullMarked
package dev.culvert.wg.aead;

import org.jspecify.annotations.NullMarked;

/**
 * Curve25519 Diffie-Hellman (RFC 7748), by libsodium, BoringSSL, OpenSSL or Bouncy Castle behind
 * one seam. A responder spends most of a handshake in it.
 */
@NullMarked
package dev.culvert.wg.x25519;

import org.jspecify.annotations.NullMarked;

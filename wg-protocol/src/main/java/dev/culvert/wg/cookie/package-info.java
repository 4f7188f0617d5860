/**
 * MAC1, MAC2 and cookies (whitepaper §5.3, §5.4.4, §5.4.7): proof that a handshake message was made
 * by someone who knows our public key, and, under load, that its sender receives at the address it
 * sends from. Owned by the home thread.
 */
@NullMarked
package dev.culvert.wg.cookie;

import org.jspecify.annotations.NullMarked;

/**
 * The handshake {@code Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s} (whitepaper §5.4, Noise protocol
 * framework revision 34) and its primitives. Messages are byte arrays here: handshakes are rare.
 * Owned by the home thread; static methods are callable from any thread. Ephemeral keys, chaining
 * keys and derived keys are zeroed after use; what Bouncy Castle keeps on its own stack and in
 * short-lived temporaries is out of reach.
 */
@NullMarked
package dev.culvert.wg.noise;

import org.jspecify.annotations.NullMarked;

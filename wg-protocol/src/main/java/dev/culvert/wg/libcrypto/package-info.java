/** Where the native libraries of {@code aead} and {@code x25519} are. Not exported. */
@NullMarked
package dev.culvert.wg.libcrypto;

import org.jspecify.annotations.NullMarked;

package dev.culvert.wg.aead;

import java.lang.foreign.MemorySegment;

/**
 * One ChaCha20-Poly1305 key, with empty associated data and the nonce of transport messages: four
 * zero bytes, then the counter little-endian (whitepaper §5.4.6). Not thread-safe: one thread at a
 * time.
 *
 * <p>Input and output are either disjoint or begin at the very same byte; so read a packet at the
 * place where its payload will stand. Any other overlap of native memory is a fault of the caller
 * and throws {@link IllegalArgumentException}: most implementations would compute wrong ciphertext
 * without an error. Segments are native on the packet path; heap segments work, slower.
 *
 * <p>The caller guards the counter: no provider notices every reuse, and sealing twice under one
 * counter gives the key stream away.
 */
public interface AeadKey extends AutoCloseable {
    /** Bytes of the Poly1305 tag behind the ciphertext. */
    int TAG_BYTES = 16;

    /** Bytes of a key. */
    int KEY_BYTES = 32;

    /**
     * Encrypts {@code length} bytes and appends the tag: writes {@code length + 16} bytes.
     *
     * @throws IllegalStateException when closed, or when the provider notices a repeated counter
     * @throws IndexOutOfBoundsException when input or output does not lie inside its segment
     */
    void seal(
            long counter,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset);

    /**
     * Checks the tag and decrypts. When the tag is wrong the output is rubbish, possibly decrypted
     * but forged: never deliver it, never look into it.
     *
     * @param length bytes of ciphertext and tag
     * @return bytes of plaintext, {@code length - 16}; or -1 when the tag is wrong or {@code
     *     length} is below 16
     * @throws IllegalStateException when closed
     * @throws IndexOutOfBoundsException when input or output does not lie inside its segment
     */
    int open(
            long counter,
            MemorySegment src,
            long srcOffset,
            int length,
            MemorySegment dst,
            long dstOffset);

    /** Zeroes the key and releases it. Closing twice is harmless. */
    @Override
    void close();
}

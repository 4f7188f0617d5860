package dev.culvert.wg.aead;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The IMB_MGR of a thread, 200 KB, and its jobs: one at a time, done when {@link #run} returns.
 * What remains in it of a job are addresses, nothing secret.
 */
final class IpsecMbManager {
    /** {@code IMB_DIR_ENCRYPT} */
    static final int ENCRYPT = 1;

    /** {@code IMB_DIR_DECRYPT} */
    static final int DECRYPT = 2;

    // Of IMB_JOB.
    private static final long ENCRYPTION_KEY = 0;
    private static final long DECRYPTION_KEY = 8;
    private static final long KEY_LENGTH = 16;
    private static final long SOURCE = 24;
    private static final long DESTINATION = 32;
    private static final long CIPHER_OFFSET = 40;
    private static final long CIPHER_LENGTH = 48;
    private static final long HASH_OFFSET = 56;
    private static final long HASH_LENGTH = 64;
    private static final long IV = 72;
    private static final long IV_LENGTH = 80;
    private static final long TAG = 88;
    private static final long TAG_LENGTH = 96;
    private static final long AAD = 104;
    private static final long AAD_LENGTH = 112;
    private static final long STATUS = 128;
    private static final long CIPHER_MODE = 132;
    private static final long DIRECTION = 136;
    private static final long HASH_ALGORITHM = 140;
    private static final long CHAIN_ORDER = 144;

    /** {@code IMB_CIPHER_CHACHA20_POLY1305} */
    private static final int CHACHA20_POLY1305 = 19;

    /** {@code IMB_AUTH_CHACHA20_POLY1305} */
    private static final int AUTH_CHACHA20_POLY1305 = 29;

    /** {@code IMB_STATUS_COMPLETED} */
    private static final int COMPLETED = 3;

    private final LibIpsecMb library;
    private final MemorySegment memory;

    /**
     * @param library to make it with
     */
    IpsecMbManager(LibIpsecMb library) {
        this.library = library;
        memory = library.newManager(Arena.ofAuto());
    }

    /**
     * Encrypts or decrypts, and computes the tag of the ciphertext. All but {@code direction} are
     * addresses and lengths of native memory.
     *
     * @param key 32 bytes
     * @param nonce 12 bytes
     * @param tag where 16 bytes are written to
     */
    void run(
            int direction,
            long key,
            long nonce,
            long aad,
            int aadLength,
            long in,
            int length,
            long out,
            long tag) {
        long manager = memory.address();
        long job = library.nextJob(manager) - manager;
        if (memory.get(JAVA_INT, job + CIPHER_MODE) != CHACHA20_POLY1305) {
            prepare(job);
        }
        memory.set(JAVA_LONG, job + ENCRYPTION_KEY, key);
        memory.set(JAVA_LONG, job + DECRYPTION_KEY, key);
        memory.set(JAVA_LONG, job + SOURCE, in);
        memory.set(JAVA_LONG, job + DESTINATION, out);
        memory.set(JAVA_LONG, job + CIPHER_LENGTH, length);
        memory.set(JAVA_LONG, job + HASH_LENGTH, length);
        memory.set(JAVA_LONG, job + IV, nonce);
        memory.set(JAVA_LONG, job + TAG, tag);
        memory.set(JAVA_LONG, job + AAD, aad);
        memory.set(JAVA_LONG, job + AAD_LENGTH, aadLength);
        memory.set(JAVA_INT, job + DIRECTION, direction);
        // The tag is that of the ciphertext: behind the cipher, or before it. IMB_ORDER_ has the
        // numbers of IMB_DIR_.
        memory.set(JAVA_INT, job + CHAIN_ORDER, direction);
        long done = library.submitJob(manager);
        if (done != manager + job || memory.get(JAVA_INT, job + STATUS) != COMPLETED) {
            throw new IllegalStateException("libIPSec_MB did not do its job");
        }
    }

    /** What all jobs have in common: a job of the ring is handed out again as it was left. */
    private void prepare(long job) {
        memory.set(JAVA_LONG, job + KEY_LENGTH, AeadKey.KEY_BYTES);
        memory.set(JAVA_LONG, job + CIPHER_OFFSET, 0);
        memory.set(JAVA_LONG, job + HASH_OFFSET, 0);
        memory.set(JAVA_LONG, job + IV_LENGTH, NativeKey.NONCE_BYTES);
        memory.set(JAVA_LONG, job + TAG_LENGTH, AeadKey.TAG_BYTES);
        memory.set(JAVA_INT, job + CIPHER_MODE, CHACHA20_POLY1305);
        memory.set(JAVA_INT, job + HASH_ALGORITHM, AUTH_CHACHA20_POLY1305);
    }
}

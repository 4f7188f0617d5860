package dev.culvert.wg.transport;

import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.aead.AeadProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The two keys of a session, kept off-heap so that no garbage collection leaves copies behind, and
 * the contexts made from them: one for each direction and worker, made when the worker first asks.
 * A worker touches only its own slots; {@link #zero} comes when no worker holds the keypair.
 */
final class SessionSecrets {
    private static final int SEND_OFFSET = 0;
    private static final int RECEIVE_OFFSET = AeadKey.KEY_BYTES;

    private final AeadProvider provider;
    private final MemorySegment keys;
    private final @Nullable AeadKey[] sealKeys;
    private final @Nullable AeadKey[] openKeys;

    /** Copies both keys; the caller zeroes its own. */
    SessionSecrets(
            AeadProvider provider,
            byte[] sendKey,
            byte[] receiveKey,
            int sealWorkers,
            int openWorkers) {
        this.provider = provider;
        this.keys = Arena.ofAuto().allocate(2L * AeadKey.KEY_BYTES);
        MemorySegment.copy(sendKey, 0, keys, ValueLayout.JAVA_BYTE, SEND_OFFSET, AeadKey.KEY_BYTES);
        MemorySegment.copy(
                receiveKey, 0, keys, ValueLayout.JAVA_BYTE, RECEIVE_OFFSET, AeadKey.KEY_BYTES);
        this.sealKeys = new @Nullable AeadKey[sealWorkers];
        this.openKeys = new @Nullable AeadKey[openWorkers];
    }

    AeadKey sealKey(int worker) {
        AeadKey key = sealKeys[worker];
        if (key == null) {
            key = newKey(SEND_OFFSET);
            sealKeys[worker] = key;
        }
        return key;
    }

    AeadKey openKey(int worker) {
        AeadKey key = openKeys[worker];
        if (key == null) {
            key = newKey(RECEIVE_OFFSET);
            openKeys[worker] = key;
        }
        return key;
    }

    private AeadKey newKey(int offset) {
        byte[] copy = new byte[AeadKey.KEY_BYTES];
        try {
            MemorySegment.copy(keys, ValueLayout.JAVA_BYTE, offset, copy, 0, copy.length);
            return provider.newKey(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Zeroes the keys and frees every context. */
    void zero() {
        keys.fill((byte) 0);
        close(sealKeys);
        close(openKeys);
    }

    private static void close(@Nullable AeadKey[] contexts) {
        for (int i = 0; i < contexts.length; i++) {
            AeadKey context = contexts[i];
            if (context != null) {
                context.close();
                contexts[i] = null;
            }
        }
    }

    /** For tests: whether nothing of the keys is left. */
    boolean isZeroed() {
        for (long i = 0; i < keys.byteSize(); i++) {
            if (keys.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return false;
            }
        }
        for (AeadKey key : sealKeys) {
            if (key != null) {
                return false;
            }
        }
        for (AeadKey key : openKeys) {
            if (key != null) {
                return false;
            }
        }
        return true;
    }
}

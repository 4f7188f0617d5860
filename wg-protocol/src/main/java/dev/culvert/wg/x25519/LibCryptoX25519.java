package dev.culvert.wg.x25519;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The EVP_PKEY functions of OpenSSL 3's libcrypto. Three shapes of call serve them all, since each
 * costs start-up time: integers and pointers are 64-bit words, and a function ignores words beyond
 * its arguments. Arrays are passed as they are (critical calls: they take less than 50 µs and
 * neither block nor call back).
 */
@SuppressWarnings("restricted")
final class LibCryptoX25519 {
    private static final long EVP_PKEY_X25519 = 1034;

    private static final Linker.Option ON_HEAP = Linker.Option.critical(true);
    private static final MethodHandle WORDS =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle KEY_IN =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));
    private static final MethodHandle KEY_OUT =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));

    private final MemorySegment newRawPrivateKey;
    private final MemorySegment newRawPublicKey;
    private final MemorySegment getRawPublicKey;
    private final MemorySegment freeKey;
    private final MemorySegment newContext;
    private final MemorySegment freeContext;
    private final MemorySegment deriveInit;
    private final MemorySegment deriveSetPeer;
    private final MemorySegment derive;

    /**
     * Loads the library.
     *
     * @throws RuntimeException where it or a function is missing
     */
    LibCryptoX25519() {
        SymbolLookup library = CryptoLibraries.openSsl();
        newRawPrivateKey = library.findOrThrow("EVP_PKEY_new_raw_private_key");
        newRawPublicKey = library.findOrThrow("EVP_PKEY_new_raw_public_key");
        getRawPublicKey = library.findOrThrow("EVP_PKEY_get_raw_public_key");
        freeKey = library.findOrThrow("EVP_PKEY_free");
        newContext = library.findOrThrow("EVP_PKEY_CTX_new");
        freeContext = library.findOrThrow("EVP_PKEY_CTX_free");
        deriveInit = library.findOrThrow("EVP_PKEY_derive_init");
        deriveSetPeer = library.findOrThrow("EVP_PKEY_derive_set_peer");
        derive = library.findOrThrow("EVP_PKEY_derive");
    }

    /** Address of a new EVP_PKEY; 0: out of memory. */
    long privateKey(byte[] private32) {
        return keyIn(newRawPrivateKey, private32);
    }

    /** Address of a new EVP_PKEY; 0: out of memory. */
    long publicKey(byte[] public32) {
        return keyIn(newRawPublicKey, public32);
    }

    /** Writes the public half of an EVP_PKEY. */
    void publicKeyOf(long key, byte[] out32) {
        if (keyOut(getRawPublicKey, key, out32) != 1) {
            throw new IllegalStateException("libcrypto has no public key");
        }
    }

    /** 0 does nothing. */
    void freeKey(long key) {
        words(freeKey, key, 0);
    }

    /** Address of an EVP_PKEY_CTX that derives secrets with this key; 0: out of memory. */
    long newContext(long key) {
        long context = words(newContext, key, 0);
        if (context != 0 && (int) words(deriveInit, context, 0) != 1) {
            freeContext(context);
            return 0;
        }
        return context;
    }

    /** 0 does nothing. */
    void freeContext(long context) {
        words(freeContext, context, 0);
    }

    /** False: the secret is all-zero. */
    boolean derive(long context, long peer, byte[] out32) {
        return (int) words(deriveSetPeer, context, peer) == 1
                && keyOut(derive, context, out32) == 1;
    }

    private static long words(MemorySegment function, long a, long b) {
        try {
            return (long) WORDS.invokeExact(function, a, b);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static long keyIn(MemorySegment function, byte[] key32) {
        try {
            return (long)
                    KEY_IN.invokeExact(
                            function,
                            EVP_PKEY_X25519,
                            0L,
                            MemorySegment.ofArray(key32),
                            (long) key32.length);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The third argument is a {@code size_t *}: the room, then the length. */
    private static int keyOut(MemorySegment function, long from, byte[] out32) {
        long[] length = {out32.length};
        try {
            return (int)
                    (long)
                            KEY_OUT.invokeExact(
                                    function,
                                    from,
                                    MemorySegment.ofArray(out32),
                                    MemorySegment.ofArray(length));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MethodHandle handle(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor, ON_HEAP);
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a native call does not throw", e);
    }
}

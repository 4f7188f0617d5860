package dev.culvert.wg.aead;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The EVP_AEAD functions of BoringSSL's libcrypto, which AWS-LC has as well. The handles are the
 * same for every library; the functions they are called with are this one's. Pointers and sizes are
 * 64-bit integers, as in {@link LibCrypto}.
 */
@SuppressWarnings("restricted")
final class LibBoringCrypto {
    private static final Linker.Option CRITICAL = Linker.Option.critical(false);

    /** {@code const EVP_AEAD *EVP_aead_chacha20_poly1305(void)} */
    private static final MethodHandle AEAD = handle(FunctionDescriptor.of(JAVA_LONG));

    /** {@code EVP_AEAD_CTX *EVP_AEAD_CTX_new(aead, key, size_t keyLength, size_t tagLength)} */
    private static final MethodHandle NEW =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /** {@code void EVP_AEAD_CTX_free(ctx)} */
    private static final MethodHandle FREE = handle(FunctionDescriptor.ofVoid(JAVA_LONG));

    /**
     * {@code int EVP_AEAD_CTX_seal(ctx, out, size_t *outLength, size_t outCapacity, nonce, size_t
     * nonceLength, in, size_t inLength, aad, size_t aadLength)}; open is alike.
     */
    private static final MethodHandle SEAL_OR_OPEN =
            handle(
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    CRITICAL);

    private final MemorySegment create;
    private final MemorySegment free;
    private final MemorySegment seal;
    private final MemorySegment open;
    private final long aead;

    private LibBoringCrypto(OptionalLibrary library) throws AeadUnavailableException {
        create = library.function("EVP_AEAD_CTX_new");
        free = library.function("EVP_AEAD_CTX_free");
        seal = library.function("EVP_AEAD_CTX_seal");
        open = library.function("EVP_AEAD_CTX_open");
        try {
            aead = (long) AEAD.invokeExact(library.function("EVP_aead_chacha20_poly1305"));
        } catch (AeadUnavailableException lacking) {
            throw lacking;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * @throws AeadUnavailableException where there is no such library
     */
    static LibBoringCrypto load() throws AeadUnavailableException {
        return new LibBoringCrypto(
                OptionalLibrary.load(
                        "BoringSSL's libcrypto",
                        "android-libboringssl",
                        CryptoLibraries::boringSsl));
    }

    /** Address of a new context, 0 when out of memory. */
    long newContext(long key, long keyLength, long tagLength) {
        try {
            return (long) NEW.invokeExact(create, aead, key, keyLength, tagLength);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void freeContext(long context) {
        try {
            FREE.invokeExact(free, context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 1 on success. */
    int seal(
            long context,
            long out,
            long outLength,
            long outCapacity,
            long nonce,
            long nonceLength,
            long in,
            long inLength,
            long aad,
            long aadLength) {
        try {
            return (int)
                    SEAL_OR_OPEN.invokeExact(
                            seal,
                            context,
                            out,
                            outLength,
                            outCapacity,
                            nonce,
                            nonceLength,
                            in,
                            inLength,
                            aad,
                            aadLength);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 1 on success, else the tag is wrong and the output zero. */
    int open(
            long context,
            long out,
            long outLength,
            long outCapacity,
            long nonce,
            long nonceLength,
            long in,
            long inLength,
            long aad,
            long aadLength) {
        try {
            return (int)
                    SEAL_OR_OPEN.invokeExact(
                            open,
                            context,
                            out,
                            outLength,
                            outCapacity,
                            nonce,
                            nonceLength,
                            in,
                            inLength,
                            aad,
                            aadLength);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MethodHandle handle(FunctionDescriptor descriptor, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(descriptor, options);
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a native call does not throw", e);
    }
}

package dev.culvert.wg.aead;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of OpenSSL 3's libcrypto that the cipher needs. Initialising this class loads the
 * library and fails where there is none, so only {@link OpenSslAead#load} touches it first.
 *
 * <p>Pointers are passed as 64-bit integers, which every 64-bit Linux ABI treats alike: no segment
 * object and no scope check per call. The functions of the packet path neither block nor call back
 * and take microseconds, so they are linked as critical.
 */
@SuppressWarnings("restricted")
final class LibCrypto {
    static final int CTRL_AEAD_GET_TAG = 0x10;
    static final int CTRL_AEAD_SET_TAG = 0x11;

    private static final Linker.Option CRITICAL = Linker.Option.critical(false);
    private static final SymbolLookup LIBRARY = CryptoLibraries.openSsl();

    /** {@code EVP_CIPHER *EVP_CIPHER_fetch(OSSL_LIB_CTX *, const char *name, const char *query)} */
    private static final MethodHandle EVP_CIPHER_FETCH =
            bind(
                    "EVP_CIPHER_fetch",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG));

    /** {@code EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void)} */
    private static final MethodHandle EVP_CIPHER_CTX_NEW =
            bind("EVP_CIPHER_CTX_new", FunctionDescriptor.of(JAVA_LONG));

    /** {@code void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *)}, which cleanses the key */
    private static final MethodHandle EVP_CIPHER_CTX_FREE =
            bind("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));

    /** {@code int EVP_CipherInit_ex(ctx, cipher, engine, key, iv, int encrypt)} */
    private static final MethodHandle EVP_CIPHER_INIT_EX =
            bind(
                    "EVP_CipherInit_ex",
                    ints(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT),
                    CRITICAL);

    /** {@code int EVP_CipherUpdate(ctx, out, int *outLength, in, int inLength)} */
    private static final MethodHandle EVP_CIPHER_UPDATE =
            bind(
                    "EVP_CipherUpdate",
                    ints(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT),
                    CRITICAL);

    /** {@code int EVP_CipherFinal_ex(ctx, out, int *outLength)} */
    private static final MethodHandle EVP_CIPHER_FINAL_EX =
            bind("EVP_CipherFinal_ex", ints(JAVA_LONG, JAVA_LONG, JAVA_LONG), CRITICAL);

    /** {@code int EVP_CIPHER_CTX_ctrl(ctx, int type, int argument, void *pointer)} */
    private static final MethodHandle EVP_CIPHER_CTX_CTRL =
            bind("EVP_CIPHER_CTX_ctrl", ints(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG), CRITICAL);

    private LibCrypto() {}

    /** Address of the cipher, 0 when the library has none of that name. Never freed. */
    static long fetchCipher(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) EVP_CIPHER_FETCH.invokeExact(0L, arena.allocateFrom(name), 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Address of a new context, 0 when out of memory. */
    static long newContext() {
        try {
            return (long) EVP_CIPHER_CTX_NEW.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void freeContext(long context) {
        try {
            EVP_CIPHER_CTX_FREE.invokeExact(context);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Cipher, key and iv may be 0: as they were. 1 on success. */
    static int init(long context, long cipher, long key, long iv, int encrypt) {
        try {
            return (int) EVP_CIPHER_INIT_EX.invokeExact(context, cipher, 0L, key, iv, encrypt);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code out} 0: the input is associated data. 1 on success. */
    static int update(long context, long out, long outLength, long in, int inLength) {
        try {
            return (int) EVP_CIPHER_UPDATE.invokeExact(context, out, outLength, in, inLength);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 1 on success, else the tag is wrong. */
    static int finish(long context, long out, long outLength) {
        try {
            return (int) EVP_CIPHER_FINAL_EX.invokeExact(context, out, outLength);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Gets or sets the tag. 1 on success. */
    static int control(long context, int type, int argument, long pointer) {
        try {
            return (int) EVP_CIPHER_CTX_CTRL.invokeExact(context, type, argument, pointer);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static FunctionDescriptor ints(MemoryLayout... arguments) {
        return FunctionDescriptor.of(JAVA_INT, arguments);
    }

    private static MethodHandle bind(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment symbol = LIBRARY.findOrThrow(name);
        return Linker.nativeLinker().downcallHandle(symbol, descriptor, options);
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a native call does not throw", e);
    }
}

package dev.culvert.wg.x25519;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** X25519 of a library that has it as two functions of plain bytes: libsodium and BoringSSL. */
@SuppressWarnings("restricted")
final class RawBytesX25519 implements X25519 {
    /**
     * Arrays are passed as they are: the calls take less than 50 µs and neither block nor call
     * back.
     */
    private static final Linker.Option ON_HEAP = Linker.Option.critical(true);

    /**
     * Serves all functions: arguments beyond a function's own are ignored by both ABIs, and each
     * shape and each bound handle would cost some milliseconds of start-up.
     */
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS), ON_HEAP);

    private final String name;

    /** {@code int (uint8_t out[32], const uint8_t private[32], const uint8_t public[32])} */
    private final MemorySegment agree;

    /** What {@link #agree} returns unless the secret is all-zero. */
    private final int agreed;

    /** {@code (uint8_t out[32], const uint8_t private[32])} */
    private final MemorySegment publish;

    private RawBytesX25519(String name, MemorySegment agree, int agreed, MemorySegment publish) {
        this.name = name;
        this.agree = agree;
        this.agreed = agreed;
        this.publish = publish;
    }

    /**
     * Loads BoringSSL; AWS-LC has the same functions.
     *
     * @throws RuntimeException where it or a function is missing
     */
    static RawBytesX25519 boringSsl() {
        SymbolLookup library = CryptoLibraries.boringSsl().orElseThrow();
        return new RawBytesX25519(
                "boringssl",
                library.findOrThrow("X25519"),
                1,
                library.findOrThrow("X25519_public_from_private"));
    }

    /**
     * Loads libsodium.
     *
     * @throws RuntimeException where it or a function is missing, or it does not start
     */
    static RawBytesX25519 sodium() {
        SymbolLookup library = CryptoLibraries.sodium().orElseThrow();
        initialise(library.findOrThrow("sodium_init"));
        return new RawBytesX25519(
                "sodium",
                library.findOrThrow("crypto_scalarmult_curve25519"),
                0,
                library.findOrThrow("crypto_scalarmult_curve25519_base"));
    }

    /**
     * Chooses the code for this processor: without it the portable one would run. Asks for random
     * bytes, which may block: no critical call.
     */
    private static void initialise(MemorySegment init) {
        MethodHandle handle = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT));
        try {
            if ((int) handle.invokeExact(init) < 0) {
                throw new IllegalStateException("libsodium does not start");
            }
        } catch (IllegalStateException refused) {
            throw refused;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public X25519Key newKey(byte[] private32) {
        return new Key(private32);
    }

    private static int call(
            MemorySegment function, MemorySegment out, MemorySegment ours, MemorySegment theirs) {
        try {
            return (int) CALL.invokeExact(function, out, ours, theirs);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static AssertionError unexpected(Throwable e) {
        return new AssertionError("a native call does not throw", e);
    }

    private final class Key extends HeapX25519Key {
        Key(byte[] private32) {
            super(private32);
        }

        @Override
        public void publicKey(byte[] out32) {
            MemorySegment to = MemorySegment.ofArray(checkedKey(out32));
            MemorySegment ours = MemorySegment.ofArray(bytes());
            call(publish, to, ours, MemorySegment.NULL);
        }

        @Override
        public boolean sharedSecret(byte[] public32, byte[] out32) {
            MemorySegment to = MemorySegment.ofArray(checkedKey(out32));
            MemorySegment ours = MemorySegment.ofArray(bytes());
            MemorySegment theirs = MemorySegment.ofArray(checkedKey(public32));
            if (call(agree, to, ours, theirs) == agreed) {
                return true;
            }
            Arrays.fill(out32, (byte) 0);
            return false;
        }
    }
}

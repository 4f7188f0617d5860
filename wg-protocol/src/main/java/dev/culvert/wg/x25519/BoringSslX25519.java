package dev.culvert.wg.x25519;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** BoringSSL's X25519, a function of plain bytes; AWS-LC has it as well. */
@SuppressWarnings("restricted")
final class BoringSslX25519 implements X25519 {
    /**
     * Arrays are passed as they are: the calls take less than 50 µs and neither block nor call
     * back.
     */
    private static final Linker.Option ON_HEAP = Linker.Option.critical(true);

    /**
     * Serves both functions: the third argument of a function of two is ignored by both ABIs, and
     * each shape and each bound handle would cost some milliseconds of start-up.
     */
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS), ON_HEAP);

    /** {@code int X25519(uint8_t out[32], const uint8_t private[32], const uint8_t public[32])} */
    private final MemorySegment agree;

    /** {@code void X25519_public_from_private(uint8_t out[32], const uint8_t private[32])} */
    private final MemorySegment publish;

    private BoringSslX25519(SymbolLookup library) {
        agree = library.findOrThrow("X25519");
        publish = library.findOrThrow("X25519_public_from_private");
    }

    /**
     * Loads the library.
     *
     * @throws RuntimeException where it or a function is missing
     */
    static BoringSslX25519 load() {
        return new BoringSslX25519(CryptoLibraries.boringSsl().orElseThrow());
    }

    @Override
    public String name() {
        return "boringssl";
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
            throw new AssertionError("a native call does not throw", e);
        }
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
            return call(agree, to, ours, theirs) == 1;
        }
    }
}

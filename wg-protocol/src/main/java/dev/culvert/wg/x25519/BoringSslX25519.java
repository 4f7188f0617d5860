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
final class BoringSslX25519 implements X25519 {
    /**
     * Arrays are passed as they are: the calls take less than 50 µs and neither block nor call
     * back.
     */
    private static final Linker.Option ON_HEAP = Linker.Option.critical(true);

    private final MethodHandle agree;
    private final MethodHandle publish;

    @SuppressWarnings("restricted")
    private BoringSslX25519(SymbolLookup library) {
        // int X25519(uint8_t out[32], const uint8_t private[32], const uint8_t public[32])
        agree =
                Linker.nativeLinker()
                        .downcallHandle(
                                library.findOrThrow("X25519"),
                                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
                                ON_HEAP);
        // void X25519_public_from_private(uint8_t out[32], const uint8_t private[32])
        publish =
                Linker.nativeLinker()
                        .downcallHandle(
                                library.findOrThrow("X25519_public_from_private"),
                                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS),
                                ON_HEAP);
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

    private final class Key extends HeapX25519Key {
        Key(byte[] private32) {
            super(private32);
        }

        @Override
        public void publicKey(byte[] out32) {
            MemorySegment to = MemorySegment.ofArray(checkedKey(out32));
            MemorySegment ours = MemorySegment.ofArray(bytes());
            try {
                publish.invokeExact(to, ours);
            } catch (Throwable e) {
                throw new AssertionError("a native call does not throw", e);
            }
        }

        @Override
        public boolean sharedSecret(byte[] public32, byte[] out32) {
            MemorySegment to = MemorySegment.ofArray(checkedKey(out32));
            MemorySegment ours = MemorySegment.ofArray(bytes());
            MemorySegment theirs = MemorySegment.ofArray(checkedKey(public32));
            try {
                return (int) agree.invokeExact(to, ours, theirs) == 1;
            } catch (Throwable e) {
                throw new AssertionError("a native call does not throw", e);
            }
        }
    }
}

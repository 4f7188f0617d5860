package dev.culvert.bench.micro;

import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.aead.AeadProviders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** ChaCha20-Poly1305 on native memory, a nonce per packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AeadBenchmark {
    /** Who encrypts. */
    @Param({"ipsec-mb", "boringssl", "openssl", "jdk", "bouncycastle"})
    public String provider = "openssl";

    /** Bytes of plaintext. */
    @Param({"64", "1420"})
    public int bytes = 1420;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment plain = arena.allocate(2048, 64);
    private final MemorySegment sealed = arena.allocate(2048, 64);
    private final MemorySegment opened = arena.allocate(2048, 64);
    private @Nullable AeadKey key;
    private long counter;

    /** Made by JMH. */
    public AeadBenchmark() {}

    /** Makes the key, and the packet that is opened. */
    @Setup
    public void makeKey() {
        AeadKey made = AeadProviders.select(provider).newKey(new byte[AeadKey.KEY_BYTES]);
        made.seal(0, plain, 0, bytes, sealed, 0);
        key = made;
    }

    /** Frees key and memory. */
    @TearDown
    public void free() {
        if (key != null) {
            key.close();
        }
        arena.close();
    }

    /** Into another buffer, as it is done on the way out. */
    @Benchmark
    public void seal() {
        if (key != null) {
            key.seal(++counter, plain, 0, bytes, opened, 0);
        }
    }

    /** From the buffer in which it came. */
    @Benchmark
    public int open() {
        return key == null ? -1 : key.open(0, sealed, 0, bytes + AeadKey.TAG_BYTES, opened, 0);
    }
}

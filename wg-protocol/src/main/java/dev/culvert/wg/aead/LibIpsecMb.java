package dev.culvert.wg.aead;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The functions of Intel's Multi-Buffer Crypto for IPsec, libIPSec_MB.so.1. It does its work by
 * jobs: an {@code IMB_MGR} has a ring of them and pointers to the functions that hand out and do
 * one; see {@link IpsecMbManager}. Offsets are those of intel-ipsec-mb.h, version 1.3.
 */
@SuppressWarnings("restricted")
final class LibIpsecMb {
    // Of IMB_MGR.
    private static final long FEATURES = 8;
    private static final long GET_NEXT_JOB = 64;
    private static final long SUBMIT_JOB_NOCHECK = 80;

    /** {@code IMB_FEATURE_AVX512_IFMA} */
    private static final long AVX512_IFMA = 1L << 17;

    /** Major and minor version; a third byte is the patch level. */
    private static final int VERSION = 0x01_03;

    /**
     * Serves all functions, which take one word or none: the second is ignored by both ABIs. Each
     * other shape would cost some milliseconds of start-up; this one the C library's calls have.
     */
    private static final MethodHandle CALL =
            Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG),
                            Linker.Option.critical(false));

    private final MemorySegment allocate;
    private final MemorySegment init;
    private final MemorySegment free;
    private final long managerBytes;
    private final MemorySegment getNextJob;
    private final MemorySegment submitJob;

    private LibIpsecMb(OptionalLibrary library) throws AeadUnavailableException {
        allocate = library.function("alloc_mb_mgr");
        init = library.function("init_mb_mgr_avx512");
        free = library.function("free_mb_mgr");
        int version = (int) call(library.function("imb_get_version"), 0);
        if (version >>> 8 != VERSION) {
            throw new AeadUnavailableException(
                    "libIPSec_MB is not version 1.3 but " + Integer.toHexString(version), null);
        }
        managerBytes = call(library.function("imb_get_mb_mgr_size"), 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment manager = newManager(arena);
            if ((manager.get(JAVA_LONG, FEATURES) & AVX512_IFMA) == 0) {
                throw new AeadUnavailableException(
                        "libIPSec_MB is slower than others on a processor without AVX512-IFMA",
                        null);
            }
            getNextJob = MemorySegment.ofAddress(manager.get(JAVA_LONG, GET_NEXT_JOB));
            submitJob = MemorySegment.ofAddress(manager.get(JAVA_LONG, SUBMIT_JOB_NOCHECK));
        }
    }

    /**
     * @throws AeadUnavailableException where there is no such library, or it is of no use here
     */
    static LibIpsecMb load() throws AeadUnavailableException {
        return new LibIpsecMb(
                OptionalLibrary.load("libIPSec_MB", "libipsec-mb1", CryptoLibraries::ipsecMb));
    }

    /** An IMB_MGR that is ready for jobs, freed with the arena. */
    MemorySegment newManager(Arena arena) {
        long address = call(allocate, 0);
        if (address == 0) {
            throw new OutOfMemoryError("alloc_mb_mgr");
        }
        call(init, address);
        return MemorySegment.ofAddress(address)
                .reinterpret(managerBytes, arena, manager -> call(free, manager.address()));
    }

    /** Address of the job to fill in next. */
    long nextJob(long manager) {
        return call(getNextJob, manager);
    }

    /** Does the job that was handed out last; its address once it is done, else 0. */
    long submitJob(long manager) {
        return call(submitJob, manager);
    }

    private static long call(MemorySegment function, long argument) {
        try {
            return (long) CALL.invokeExact(function, argument, 0L);
        } catch (Throwable e) {
            throw new AssertionError("a native call does not throw", e);
        }
    }
}

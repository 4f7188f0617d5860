package dev.culvert.wg.aead;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.culvert.wg.libcrypto.CryptoLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

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

    private static final Linker.Option CRITICAL = Linker.Option.critical(false);

    /** {@code unsigned imb_get_version(void)} */
    private static final MethodHandle GET_VERSION = handle(FunctionDescriptor.of(JAVA_INT));

    /** {@code size_t imb_get_mb_mgr_size(void)} */
    private static final MethodHandle GET_SIZE = handle(FunctionDescriptor.of(JAVA_LONG));

    /** {@code IMB_MGR *imb_set_pointers_mb_mgr(void *memory, uint64_t flags, unsigned reset)} */
    private static final MethodHandle SET_POINTERS =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));

    /** {@code void init_mb_mgr_avx512(IMB_MGR *)} */
    private static final MethodHandle INIT = handle(FunctionDescriptor.ofVoid(JAVA_LONG));

    /** {@code IMB_JOB *(*)(IMB_MGR *)}: both functions of a manager. */
    private static final MethodHandle JOB =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG), CRITICAL);

    private final MemorySegment setPointers;
    private final MemorySegment init;
    private final long managerBytes;
    private final MemorySegment getNextJob;
    private final MemorySegment submitJob;

    private LibIpsecMb(SymbolLookup library) throws AeadUnavailableException {
        setPointers = library.findOrThrow("imb_set_pointers_mb_mgr");
        init = library.findOrThrow("init_mb_mgr_avx512");
        try {
            int version = (int) GET_VERSION.invokeExact(library.findOrThrow("imb_get_version"));
            if (version >>> 8 != VERSION) {
                throw new AeadUnavailableException(
                        "libIPSec_MB is not version 1.3 but " + Integer.toHexString(version), null);
            }
            managerBytes = (long) GET_SIZE.invokeExact(library.findOrThrow("imb_get_mb_mgr_size"));
        } catch (AeadUnavailableException wrongVersion) {
            throw wrongVersion;
        } catch (Throwable e) {
            throw unexpected(e);
        }
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
        Optional<SymbolLookup> library;
        try {
            library = CryptoLibraries.ipsecMb();
        } catch (IllegalArgumentException e) {
            throw new AeadUnavailableException("libIPSec_MB cannot be loaded", e);
        }
        if (library.isEmpty()) {
            throw new AeadUnavailableException(
                    "libIPSec_MB is not installed (Debian: libipsec-mb1)", null);
        }
        return new LibIpsecMb(library.get());
    }

    /** An IMB_MGR that is ready for jobs. */
    MemorySegment newManager(Arena arena) {
        MemorySegment manager = arena.allocate(managerBytes, 64);
        long address = manager.address();
        try {
            long same = (long) SET_POINTERS.invokeExact(setPointers, address, 0L, 1);
            if (same != address) {
                throw new IllegalStateException("libIPSec_MB refuses the memory for its manager");
            }
            INIT.invokeExact(init, address);
        } catch (IllegalStateException refused) {
            throw refused;
        } catch (Throwable e) {
            throw unexpected(e);
        }
        return manager;
    }

    /** Address of the job to fill in next. */
    long nextJob(long manager) {
        try {
            return (long) JOB.invokeExact(getNextJob, manager);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Does the job that was handed out last; its address once it is done, else 0. */
    long submitJob(long manager) {
        try {
            return (long) JOB.invokeExact(submitJob, manager);
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

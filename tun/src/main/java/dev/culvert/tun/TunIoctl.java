package dev.culvert.tun;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The ioctls of {@code linux/if_tun.h}, through JNA. All return {@code >= 0} or {@code -errno}.
 *
 * <pre>
 * ifreq (40 bytes): name (16, NUL-terminated)   flags (2)   unused
 * </pre>
 */
final class TunIoctl {
    static final int IFF_TUN = 0x1;
    static final int IFF_TAP = 0x2;
    static final int IFF_NO_PI = 0x1000;
    static final int IFF_VNET_HDR = 0x4000;

    static final int TUN_F_CSUM = 0x1;
    static final int TUN_F_TSO4 = 0x2;
    static final int TUN_F_TSO6 = 0x4;
    static final int TUN_F_USO4 = 0x20;
    static final int TUN_F_USO6 = 0x40;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final long TUNGETIFF = 0x800454d2L;
    private static final long TUNGETDEVNETNS = 0x54e3L;

    private static final int IFREQ_BYTES = 40;
    private static final int FLAGS_OFFSET = 16;

    /** A device as the kernel describes it. */
    record Interface(String name, int flags) {}

    /**
     * Bound when the first ioctl is made: JNA costs start-up time. As a function and not as a
     * native method, whose registration derives structures by annotations: 20 ms of each start.
     */
    private static final class C {
        static final Function IOCTL =
                NativeLibrary.getProcess().getFunction("ioctl", Function.THROW_LAST_ERROR);
    }

    private TunIoctl() {}

    /** Creates the device or attaches to it. */
    static int setInterface(int fd, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(IFREQ_BYTES, 8);
            ifreq.setString(0, name);
            ifreq.set(ValueLayout.JAVA_SHORT, FLAGS_OFFSET, (short) flags);
            return ioctl(fd, TUNSETIFF, ifreq.address());
        }
    }

    /**
     * Name and flags of the device go into {@code answer[0]}. {@code -EBADFD}: deleted, or never
     * attached.
     */
    static int getInterface(int fd, Interface[] answer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ifreq = arena.allocate(IFREQ_BYTES, 8);
            int result = ioctl(fd, TUNGETIFF, ifreq.address());
            if (result >= 0) {
                int flags = Short.toUnsignedInt(ifreq.get(ValueLayout.JAVA_SHORT, FLAGS_OFFSET));
                answer[0] = new Interface(ifreq.getString(0), flags);
            }
            return result;
        }
    }

    static int setOffload(int fd, int flags) {
        return ioctl(fd, TUNSETOFFLOAD, flags);
    }

    static int setVnetHeaderSize(int fd, int sizeBytes) {
        try (Arena arena = Arena.ofConfined()) {
            return ioctl(
                    fd,
                    TUNSETVNETHDRSZ,
                    arena.allocateFrom(ValueLayout.JAVA_INT, sizeBytes).address());
        }
    }

    /** A new descriptor of the network namespace that the device is in now. */
    static int openNamespace(int fd) {
        return ioctl(fd, TUNGETDEVNETNS, 0);
    }

    private static int ioctl(int fd, long request, long argument) {
        try {
            return C.IOCTL.invokeInt(new Object[] {fd, request, argument});
        } catch (LastErrorException failed) {
            return -failed.getErrorCode();
        }
    }
}

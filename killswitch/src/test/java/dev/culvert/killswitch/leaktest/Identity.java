package dev.culvert.killswitch.leaktest;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import dev.culvert.tun.sys.Libc;

/**
 * Who a thread is. The system calls change the calling thread alone (the C library's functions
 * would change the whole process), and there is no way back.
 */
enum Identity {
    ROOT {
        @Override
        void assume() {}
    },
    /** An ordinary user. */
    USER {
        @Override
        void assume() {
            becomeUser();
        }
    },
    /** An ordinary user in a container that leaves CAP_NET_RAW to its processes, as Docker does. */
    USER_WITH_NET_RAW {
        @Override
        void assume() {
            check(Libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
            becomeUser();
            capset(1 << CAP_NET_RAW);
        }
    },
    /** What the program itself has in a container that is well kept. */
    USER_WITH_NET_ADMIN {
        @Override
        void assume() {
            check(Libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
            becomeUser();
            capset(1 << CAP_NET_ADMIN);
        }
    };

    private static final int PR_SET_KEEPCAPS = 8;
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final long UID = 1000;
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final long NR_SETRESUID = ARM ? 147 : 117;
    private static final long NR_SETRESGID = ARM ? 149 : 119;
    private static final long NR_SETGROUPS = ARM ? 159 : 116;
    private static final long NR_CAPSET = ARM ? 91 : 126;

    /** Of the calling thread, for good. */
    abstract void assume();

    private static void becomeUser() {
        syscall(NR_SETGROUPS, 0L, 0L);
        syscall(NR_SETRESGID, UID, UID, UID);
        syscall(NR_SETRESUID, UID, UID, UID);
    }

    private static void capset(int capabilities) {
        try (Memory header = new Memory(8);
                Memory data = new Memory(24)) {
            header.setInt(0, CAPABILITY_VERSION_3);
            header.setInt(4, 0);
            data.clear();
            data.setInt(0, capabilities);
            data.setInt(4, capabilities);
            syscall(NR_CAPSET, header, data);
        }
    }

    private static void syscall(Object... arguments) {
        Function syscall = NativeLibrary.getProcess().getFunction("syscall");
        check(syscall.invokeInt(arguments));
    }

    private static void check(int result) {
        if (result < 0) {
            throw new AssertionError("privileges cannot be dropped: " + result);
        }
    }
}

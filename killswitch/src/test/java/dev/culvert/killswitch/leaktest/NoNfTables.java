package dev.culvert.killswitch.leaktest;

import dev.culvert.tun.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes the calling thread, for good, see a kernel without nf_tables: no such netlink socket. */
final class NoNfTables {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    private static final int SECCOMP_RET_ERRNO = 0x00050000;
    private static final int EPROTONOSUPPORT = 93;
    private static final int NR_SOCKET = System.getProperty("os.arch").equals("aarch64") ? 198 : 41;
    private static final int AF_NETLINK = 16;
    private static final int NETLINK_NETFILTER = 12;

    private static final int LOAD_WORD_ABSOLUTE = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    /** Of seccomp_data: the call's number, its first and its third argument (low halves). */
    private static final int NUMBER = 0;

    private static final int FIRST_ARGUMENT = 16;
    private static final int THIRD_ARGUMENT = 32;

    private NoNfTables() {}

    static void pretend() {
        int[][] program = {
            {LOAD_WORD_ABSOLUTE, 0, 0, NUMBER},
            {JUMP_IF_EQUAL, 0, 5, NR_SOCKET},
            {LOAD_WORD_ABSOLUTE, 0, 0, FIRST_ARGUMENT},
            {JUMP_IF_EQUAL, 0, 3, AF_NETLINK},
            {LOAD_WORD_ABSOLUTE, 0, 0, THIRD_ARGUMENT},
            {JUMP_IF_EQUAL, 0, 1, NETLINK_NETFILTER},
            {RETURN, 0, 0, SECCOMP_RET_ERRNO | EPROTONOSUPPORT},
            {RETURN, 0, 0, SECCOMP_RET_ALLOW},
        };
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockFprog = ClassicBpf.assemble(arena, program).sockFprog();
            check(Libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
            check(Libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, sockFprog.address(), 0, 0));
        }
    }

    private static void check(int result) {
        if (result < 0) {
            throw new AssertionError("no filter: " + result);
        }
    }
}

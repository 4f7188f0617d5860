package dev.culvert.tun.sys;

import static dev.culvert.tun.sys.Downcalls.address;
import static dev.culvert.tun.sys.Downcalls.bug;
import static dev.culvert.tun.sys.Downcalls.link;
import static dev.culvert.tun.sys.Downcalls.linkCritical;
import static dev.culvert.tun.sys.Downcalls.result;
import static dev.culvert.tun.sys.Downcalls.scratchAddress;
import static dev.culvert.tun.sys.Downcalls.state;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls, named and ordered as in C. All return {@code >= 0} or {@code -errno}; none retries
 * after {@code EINTR}. Calls on the packet path ({@code read} to {@code poll}) are spelled out so
 * that each is one constant handle for the JIT compiler.
 */
public final class Libc {
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int FD_CLOEXEC = 1;
    public static final int EFD_NONBLOCK = O_NONBLOCK;
    public static final int EFD_CLOEXEC = O_CLOEXEC;
    public static final int TFD_NONBLOCK = O_NONBLOCK;
    public static final int TFD_CLOEXEC = O_CLOEXEC;
    public static final int TFD_TIMER_ABSTIME = 1;
    public static final int CLOCK_REALTIME = 0;
    public static final int CLOCK_MONOTONIC = 1;
    public static final int CLOCK_BOOTTIME = 7;
    public static final int CLONE_NEWNS = 0x20000;
    public static final int CLONE_NEWNET = 0x40000000;
    public static final int PR_SET_PDEATHSIG = 1;
    public static final int PR_SET_NAME = 15;
    public static final int PR_CAPBSET_DROP = 24;

    private static final MethodHandle READ = link("read", 3);
    private static final MethodHandle WRITE = link("write", 3);
    private static final MethodHandle READV = link("readv", 3);
    private static final MethodHandle WRITEV = link("writev", 3);
    private static final MethodHandle SENDMSG = link("sendmsg", 3);
    private static final MethodHandle RECVMSG = link("recvmsg", 3);
    private static final MethodHandle SENDMMSG = link("sendmmsg", 4);
    private static final MethodHandle RECVMMSG = link("recvmmsg", 5);
    private static final MethodHandle SENDTO = link("sendto", 6);
    private static final MethodHandle RECVFROM = link("recvfrom", 6);
    private static final MethodHandle POLL = link("poll", 3);
    private static final MethodHandle CLOCK_GETTIME = linkCritical("clock_gettime", 2);

    private static final MethodHandle OPEN = link("open", 3);
    private static final MethodHandle CLOSE = link("close", 1);
    private static final MethodHandle FCNTL = link("fcntl", 3);
    private static final MethodHandle DUP = link("dup", 1);
    private static final MethodHandle DUP2 = link("dup2", 2);
    private static final MethodHandle PIPE2 = link("pipe2", 2);
    private static final MethodHandle EVENTFD = link("eventfd", 2);
    private static final MethodHandle TIMERFD_CREATE = link("timerfd_create", 2);
    private static final MethodHandle TIMERFD_SETTIME = link("timerfd_settime", 4);

    private static final MethodHandle SOCKET = link("socket", 3);
    private static final MethodHandle BIND = link("bind", 3);
    private static final MethodHandle CONNECT = link("connect", 3);
    private static final MethodHandle LISTEN = link("listen", 2);
    private static final MethodHandle ACCEPT4 = link("accept4", 4);
    private static final MethodHandle SHUTDOWN = link("shutdown", 2);
    private static final MethodHandle GETSOCKNAME = link("getsockname", 3);
    private static final MethodHandle GETPEERNAME = link("getpeername", 3);
    private static final MethodHandle SETSOCKOPT = link("setsockopt", 5);
    private static final MethodHandle GETSOCKOPT = link("getsockopt", 5);
    private static final MethodHandle IF_NAMETOINDEX = link("if_nametoindex", 1);

    private static final MethodHandle UNSHARE = link("unshare", 1);
    private static final MethodHandle SETNS = link("setns", 2);
    private static final MethodHandle UMASK = link("umask", 1);
    private static final MethodHandle PRCTL = link("prctl", 5);
    private static final MethodHandle SETSID = link("setsid", 0);
    private static final MethodHandle GETPID = link("getpid", 0);
    private static final MethodHandle GETTID = link("gettid", 0);
    private static final MethodHandle GETEUID = link("geteuid", 0);
    private static final MethodHandle KILL = link("kill", 2);

    private Libc() {}

    public static int read(int fd, MemorySegment buf, long offset, long length) {
        MemorySegment state = state();
        long address = address(buf, offset, length);
        try {
            return result((long) READ.invokeExact(state, (long) fd, address, length), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    public static int write(int fd, MemorySegment buf, long offset, long length) {
        MemorySegment state = state();
        long address = address(buf, offset, length);
        try {
            return result((long) WRITE.invokeExact(state, (long) fd, address, length), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** {@code count} {@link Iovec}s from {@code offset} on. */
    public static int readv(int fd, MemorySegment iovecs, long offset, int count) {
        MemorySegment state = state();
        long address = address(iovecs, offset, count * Iovec.SIZE_BYTES);
        try {
            return result((long) READV.invokeExact(state, (long) fd, address, (long) count), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** {@code count} {@link Iovec}s from {@code offset} on. */
    public static int writev(int fd, MemorySegment iovecs, long offset, int count) {
        MemorySegment state = state();
        long address = address(iovecs, offset, count * Iovec.SIZE_BYTES);
        try {
            return result(
                    (long) WRITEV.invokeExact(state, (long) fd, address, (long) count), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** A {@link MsgHdr} at {@code offset}. */
    public static int sendmsg(int fd, MemorySegment msghdr, long offset, int flags) {
        MemorySegment state = state();
        long address = address(msghdr, offset, MsgHdr.SIZE_BYTES);
        try {
            return result(
                    (long) SENDMSG.invokeExact(state, (long) fd, address, (long) flags), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /**
     * A {@link MsgHdr} at {@code offset}, in which the kernel updates the lengths and the flags.
     */
    public static int recvmsg(int fd, MemorySegment msghdr, long offset, int flags) {
        MemorySegment state = state();
        long address = address(msghdr, offset, MsgHdr.SIZE_BYTES);
        try {
            return result(
                    (long) RECVMSG.invokeExact(state, (long) fd, address, (long) flags), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** {@code count} elements of {@link MsgHdr#MMSG_SIZE_BYTES}; the number of messages sent. */
    public static int sendmmsg(int fd, MemorySegment mmsghdrs, long offset, int count, int flags) {
        MemorySegment state = state();
        long address = address(mmsghdrs, offset, count * MsgHdr.MMSG_SIZE_BYTES);
        try {
            return result(
                    (long)
                            SENDMMSG.invokeExact(
                                    state, (long) fd, address, (long) count, (long) flags),
                    state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /**
     * {@code count} elements of {@link MsgHdr#MMSG_SIZE_BYTES}; no timeout; the number of messages
     * received.
     */
    public static int recvmmsg(int fd, MemorySegment mmsghdrs, long offset, int count, int flags) {
        MemorySegment state = state();
        long address = address(mmsghdrs, offset, count * MsgHdr.MMSG_SIZE_BYTES);
        try {
            return result(
                    (long)
                            RECVMMSG.invokeExact(
                                    state, (long) fd, address, (long) count, (long) flags, 0L),
                    state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /**
     * With a destination of {@code destLength} bytes at {@code destOffset}; on a connected socket
     * it is 0 long.
     */
    public static int sendto(
            int fd,
            MemorySegment buf,
            long offset,
            long length,
            int flags,
            MemorySegment dest,
            long destOffset,
            int destLength) {
        MemorySegment state = state();
        long address = address(buf, offset, length);
        long destination = destLength == 0 ? 0 : address(dest, destOffset, destLength);
        try {
            return result(
                    (long)
                            SENDTO.invokeExact(
                                    state,
                                    (long) fd,
                                    address,
                                    length,
                                    (long) flags,
                                    destination,
                                    (long) destLength),
                    state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** Without the source address: {@link #recvmsg} gives it. */
    public static int recv(int fd, MemorySegment buf, long offset, long length, int flags) {
        MemorySegment state = state();
        long address = address(buf, offset, length);
        try {
            return result(
                    (long)
                            RECVFROM.invokeExact(
                                    state, (long) fd, address, length, (long) flags, 0L, 0L),
                    state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** {@code count} {@link PollFd}s from {@code offset} on; a negative timeout waits for ever. */
    public static int poll(MemorySegment pollfds, long offset, int count, int timeoutMs) {
        MemorySegment state = state();
        long address = address(pollfds, offset, count * PollFd.SIZE_BYTES);
        try {
            return result(
                    (long) POLL.invokeExact(state, address, (long) count, (long) timeoutMs), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** Nanoseconds since boot, suspended time included: the clock of all timers. */
    public static long clockBoottimeNs() {
        return clockNs(CLOCK_BOOTTIME);
    }

    /** Nanoseconds since the Unix epoch. */
    public static long clockRealtimeNs() {
        return clockNs(CLOCK_REALTIME);
    }

    private static long clockNs(int clock) {
        MemorySegment state = state();
        try {
            long failed = (long) CLOCK_GETTIME.invokeExact((long) clock, scratchAddress(state));
            if ((int) failed != 0) {
                throw new IllegalStateException("clock " + clock + " is missing");
            }
        } catch (IllegalStateException missing) {
            throw missing;
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
        return Downcalls.getLong(state, 0) * 1_000_000_000L + Downcalls.getLong(state, 1);
    }

    public static int open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return call(OPEN, arena.allocateFrom(path).address(), flags, mode);
        }
    }

    public static int close(int fd) {
        return call(CLOSE, fd);
    }

    public static int fcntl(int fd, int command, long argument) {
        return call(FCNTL, fd, command, argument);
    }

    /** Sets or clears {@code O_NONBLOCK}. */
    public static int setNonBlocking(int fd, boolean nonBlocking) {
        int flags = fcntl(fd, F_GETFL, 0);
        if (flags < 0) {
            return flags;
        }
        return fcntl(fd, F_SETFL, nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
    }

    public static int dup(int fd) {
        return call(DUP, fd);
    }

    public static int dup2(int fd, int newFd) {
        return call(DUP2, fd, newFd);
    }

    /** Writes the read end to {@code ends[0]} and the write end to {@code ends[1]}. */
    public static int pipe2(int[] ends, int flags) {
        MemorySegment state = state();
        int result = call(PIPE2, scratchAddress(state), flags);
        if (result >= 0) {
            ends[0] = Downcalls.getInt(state, 0);
            ends[1] = Downcalls.getInt(state, 1);
        }
        return result;
    }

    public static int eventfd(int initial, int flags) {
        return call(EVENTFD, initial, flags);
    }

    /** Adds 1 to an eventfd. */
    public static int eventfdSignal(int fd) {
        MemorySegment state = state();
        Downcalls.putLong(state, 0, 1);
        try {
            return result(
                    (long) WRITE.invokeExact(state, (long) fd, scratchAddress(state), 8L), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    /** Reads the count of an eventfd or timerfd and drops it; {@code -EAGAIN} when it was 0. */
    public static int eventfdDrain(int fd) {
        MemorySegment state = state();
        try {
            return result(
                    (long) READ.invokeExact(state, (long) fd, scratchAddress(state), 8L), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    public static int timerfdCreate(int clock, int flags) {
        return call(TIMERFD_CREATE, clock, flags);
    }

    /**
     * Expires once at {@code deadlineNs} of the timer's clock; 0 disarms it. One that has passed
     * expires at once.
     */
    public static int timerfdSettimeAbsolute(int fd, long deadlineNs) {
        MemorySegment state = state();
        long deadline = deadlineNs < 0 ? 1 : deadlineNs;
        Downcalls.putLong(state, 0, 0);
        Downcalls.putLong(state, 1, 0);
        Downcalls.putLong(state, 2, deadline / 1_000_000_000L);
        Downcalls.putLong(state, 3, deadline % 1_000_000_000L);
        return call(TIMERFD_SETTIME, fd, TFD_TIMER_ABSTIME, scratchAddress(state), 0);
    }

    public static int socket(int family, int type, int protocol) {
        return call(SOCKET, family, type, protocol);
    }

    public static int bind(int fd, MemorySegment addr, long offset, int length) {
        return call(BIND, fd, address(addr, offset, length), length);
    }

    public static int connect(int fd, MemorySegment addr, long offset, int length) {
        return call(CONNECT, fd, address(addr, offset, length), length);
    }

    public static int listen(int fd, int backlog) {
        return call(LISTEN, fd, backlog);
    }

    /** Without the peer's address: {@link #getpeername} gives it. */
    public static int accept4(int fd, int flags) {
        return call(ACCEPT4, fd, 0, 0, flags);
    }

    public static int shutdown(int fd, int how) {
        return call(SHUTDOWN, fd, how);
    }

    /** Fills the address in; {@code 0}, or {@code -errno}. */
    public static int getsockname(int fd, MemorySegment addr, long offset, int capacity) {
        return name(GETSOCKNAME, fd, address(addr, offset, capacity), capacity);
    }

    /** Fills the address in; {@code 0}, or {@code -errno}. */
    public static int getpeername(int fd, MemorySegment addr, long offset, int capacity) {
        return name(GETPEERNAME, fd, address(addr, offset, capacity), capacity);
    }

    private static int name(MethodHandle handle, int fd, long address, int capacity) {
        MemorySegment state = state();
        Downcalls.putInt(state, 0, capacity);
        return call(handle, fd, address, scratchAddress(state));
    }

    public static int setsockopt(
            int fd, int level, int name, MemorySegment value, long offset, int length) {
        return call(SETSOCKOPT, fd, level, name, address(value, offset, length), length);
    }

    public static int setsockopt(int fd, int level, int name, int value) {
        MemorySegment state = state();
        Downcalls.putInt(state, 0, value);
        return call(SETSOCKOPT, fd, level, name, scratchAddress(state), 4);
    }

    /** The value of an {@code int} option that is never negative, or {@code -errno}. */
    public static int getsockopt(int fd, int level, int name) {
        MemorySegment state = state();
        Downcalls.putInt(state, 0, 0);
        Downcalls.putInt(state, 1, 4);
        long value = scratchAddress(state);
        int result = call(GETSOCKOPT, fd, level, name, value, value + 4);
        return result < 0 ? result : Downcalls.getInt(state, 0);
    }

    /** Index of a link in the thread's network namespace, or {@code -ENODEV}. */
    public static int ifNametoindex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int index = call(IF_NAMETOINDEX, arena.allocateFrom(name).address());
            return index == 0 ? -Errno.ENODEV : index;
        }
    }

    /** Of the calling thread alone for {@link #CLONE_NEWNET}. */
    public static int unshare(int flags) {
        return call(UNSHARE, flags);
    }

    /** Moves the calling thread alone. */
    public static int setns(int fd, int type) {
        return call(SETNS, fd, type);
    }

    /** Of the whole process; the mask before. */
    public static int umask(int mask) {
        return call(UMASK, mask);
    }

    public static int prctl(int option, long arg2, long arg3, long arg4, long arg5) {
        return call(PRCTL, option, arg2, arg3, arg4, arg5);
    }

    public static int setsid() {
        return call(SETSID);
    }

    public static int getpid() {
        return call(GETPID);
    }

    public static int gettid() {
        return call(GETTID);
    }

    public static int geteuid() {
        return call(GETEUID);
    }

    public static int kill(int pid, int signal) {
        return call(KILL, pid, signal);
    }

    private static int call(MethodHandle handle) {
        MemorySegment state = state();
        try {
            return result((long) handle.invokeExact(state), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    private static int call(MethodHandle handle, long a) {
        MemorySegment state = state();
        try {
            return result((long) handle.invokeExact(state, a), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    private static int call(MethodHandle handle, long a, long b) {
        MemorySegment state = state();
        try {
            return result((long) handle.invokeExact(state, a, b), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    private static int call(MethodHandle handle, long a, long b, long c) {
        MemorySegment state = state();
        try {
            return result((long) handle.invokeExact(state, a, b, c), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    private static int call(MethodHandle handle, long a, long b, long c, long d) {
        MemorySegment state = state();
        try {
            return result((long) handle.invokeExact(state, a, b, c, d), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }

    private static int call(MethodHandle handle, long a, long b, long c, long d, long e) {
        MemorySegment state = state();
        try {
            return result((long) handle.invokeExact(state, a, b, c, d, e), state);
        } catch (Throwable thrown) {
            throw bug(thrown);
        }
    }
}

package dev.culvert.tun.sys;

import static dev.culvert.tun.sys.Downcalls.address;
import static dev.culvert.tun.sys.Downcalls.call;
import static dev.culvert.tun.sys.Downcalls.callCritical;
import static dev.culvert.tun.sys.Downcalls.scratchAddress;
import static dev.culvert.tun.sys.Downcalls.state;
import static dev.culvert.tun.sys.Downcalls.symbol;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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
    public static final int EFD_SEMAPHORE = 1;
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
    public static final int MADV_DONTNEED = 4;
    public static final int MADV_DONTDUMP = 16;
    public static final int PR_SET_PDEATHSIG = 1;
    public static final int PR_SET_NAME = 15;
    public static final int PR_CAPBSET_DROP = 24;
    public static final int PR_CAP_AMBIENT = 47;
    public static final int PR_CAP_AMBIENT_RAISE = 2;

    private static final MemorySegment READ = symbol("read");
    private static final MemorySegment WRITE = symbol("write");
    private static final MemorySegment READV = symbol("readv");
    private static final MemorySegment WRITEV = symbol("writev");
    private static final MemorySegment SENDMSG = symbol("sendmsg");
    private static final MemorySegment RECVMSG = symbol("recvmsg");
    private static final MemorySegment SENDMMSG = symbol("sendmmsg");
    private static final MemorySegment RECVMMSG = symbol("recvmmsg");
    private static final MemorySegment SENDTO = symbol("sendto");
    private static final MemorySegment RECVFROM = symbol("recvfrom");
    private static final MemorySegment POLL = symbol("poll");
    private static final MemorySegment CLOCK_GETTIME = symbol("clock_gettime");

    private static final MemorySegment OPEN = symbol("open");
    private static final MemorySegment CLOSE = symbol("close");
    private static final MemorySegment FCNTL = symbol("fcntl");
    private static final MemorySegment DUP = symbol("dup");
    private static final MemorySegment DUP2 = symbol("dup2");
    private static final MemorySegment PIPE2 = symbol("pipe2");
    private static final MemorySegment EVENTFD = symbol("eventfd");
    private static final MemorySegment TIMERFD_CREATE = symbol("timerfd_create");
    private static final MemorySegment TIMERFD_SETTIME = symbol("timerfd_settime");

    private static final MemorySegment SOCKET = symbol("socket");
    private static final MemorySegment SOCKETPAIR = symbol("socketpair");
    private static final MemorySegment BIND = symbol("bind");
    private static final MemorySegment CONNECT = symbol("connect");
    private static final MemorySegment LISTEN = symbol("listen");
    private static final MemorySegment ACCEPT4 = symbol("accept4");
    private static final MemorySegment SHUTDOWN = symbol("shutdown");
    private static final MemorySegment GETSOCKNAME = symbol("getsockname");
    private static final MemorySegment GETPEERNAME = symbol("getpeername");
    private static final MemorySegment SETSOCKOPT = symbol("setsockopt");
    private static final MemorySegment GETSOCKOPT = symbol("getsockopt");
    private static final MemorySegment IF_NAMETOINDEX = symbol("if_nametoindex");

    private static final MemorySegment UNSHARE = symbol("unshare");
    private static final MemorySegment SETNS = symbol("setns");
    private static final MemorySegment UMASK = symbol("umask");
    private static final MemorySegment PRCTL = symbol("prctl");
    private static final MemorySegment MADVISE = symbol("madvise");
    private static final MemorySegment GETPAGESIZE = symbol("getpagesize");
    private static final MemorySegment CAPGET = symbol("capget");
    private static final MemorySegment CAPSET = symbol("capset");
    private static final MemorySegment SETSID = symbol("setsid");
    private static final MemorySegment GETPID = symbol("getpid");
    private static final MemorySegment GETTID = symbol("gettid");
    private static final MemorySegment SETPRIORITY = symbol("setpriority");
    private static final MemorySegment SCHED_SETSCHEDULER = symbol("sched_setscheduler");
    private static final MemorySegment GETEUID = symbol("geteuid");
    private static final MemorySegment KILL = symbol("kill");
    private static final MemorySegment WAITPID = symbol("waitpid");

    private static final int WNOHANG = 1;

    private Libc() {}

    public static int read(int fd, MemorySegment buf, long offset, long length) {
        long address = address(buf, offset, length);
        return call(READ, fd, address, length);
    }

    public static int write(int fd, MemorySegment buf, long offset, long length) {
        long address = address(buf, offset, length);
        return call(WRITE, fd, address, length);
    }

    /** {@code count} {@link Iovec}s from {@code offset} on. */
    public static int readv(int fd, MemorySegment iovecs, long offset, int count) {
        long address = address(iovecs, offset, count * Iovec.SIZE_BYTES);
        return call(READV, fd, address, count);
    }

    /** {@code count} {@link Iovec}s from {@code offset} on. */
    public static int writev(int fd, MemorySegment iovecs, long offset, int count) {
        long address = address(iovecs, offset, count * Iovec.SIZE_BYTES);
        return call(WRITEV, fd, address, count);
    }

    /** A {@link MsgHdr} at {@code offset}. */
    public static int sendmsg(int fd, MemorySegment msghdr, long offset, int flags) {
        long address = address(msghdr, offset, MsgHdr.SIZE_BYTES);
        return call(SENDMSG, fd, address, flags);
    }

    /**
     * A {@link MsgHdr} at {@code offset}, in which the kernel updates the lengths and the flags.
     */
    public static int recvmsg(int fd, MemorySegment msghdr, long offset, int flags) {
        long address = address(msghdr, offset, MsgHdr.SIZE_BYTES);
        return call(RECVMSG, fd, address, flags);
    }

    /** {@code count} elements of {@link MsgHdr#MMSG_SIZE_BYTES}; the number of messages sent. */
    public static int sendmmsg(int fd, MemorySegment mmsghdrs, long offset, int count, int flags) {
        long address = address(mmsghdrs, offset, count * MsgHdr.MMSG_SIZE_BYTES);
        return call(SENDMMSG, fd, address, count, flags);
    }

    /**
     * {@code count} elements of {@link MsgHdr#MMSG_SIZE_BYTES}; no timeout; the number of messages
     * received.
     */
    public static int recvmmsg(int fd, MemorySegment mmsghdrs, long offset, int count, int flags) {
        long address = address(mmsghdrs, offset, count * MsgHdr.MMSG_SIZE_BYTES);
        return call(RECVMMSG, fd, address, count, flags, 0L);
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
        long address = address(buf, offset, length);
        long destination = destLength == 0 ? 0 : address(dest, destOffset, destLength);
        return call(SENDTO, fd, address, length, flags, destination, destLength);
    }

    /** Without the source address: {@link #recvmsg} gives it. */
    public static int recv(int fd, MemorySegment buf, long offset, long length, int flags) {
        long address = address(buf, offset, length);
        return call(RECVFROM, fd, address, length, flags, 0L, 0L);
    }

    /** {@code count} {@link PollFd}s from {@code offset} on; a negative timeout waits for ever. */
    public static int poll(MemorySegment pollfds, long offset, int count, int timeoutMs) {
        long address = address(pollfds, offset, count * PollFd.SIZE_BYTES);
        return call(POLL, address, count, timeoutMs);
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
        if (callCritical(CLOCK_GETTIME, clock, scratchAddress(state)) != 0) {
            throw new IllegalStateException("clock " + clock + " is missing");
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
        return call(WRITE, fd, scratchAddress(state), 8L);
    }

    /**
     * Reads the count of an eventfd or timerfd and drops it, one of it with {@link #EFD_SEMAPHORE};
     * {@code -EAGAIN} when it was 0.
     */
    public static int eventfdDrain(int fd) {
        MemorySegment state = state();
        return call(READ, fd, scratchAddress(state), 8L);
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

    /** Writes two connected sockets to {@code ends}. */
    public static int socketpair(int family, int type, int protocol, int[] ends) {
        MemorySegment state = state();
        int result = call(SOCKETPAIR, family, type, protocol, scratchAddress(state));
        if (result >= 0) {
            ends[0] = Downcalls.getInt(state, 0);
            ends[1] = Downcalls.getInt(state, 1);
        }
        return result;
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

    private static int name(MemorySegment function, int fd, long address, int capacity) {
        MemorySegment state = state();
        Downcalls.putInt(state, 0, capacity);
        return call(function, fd, address, scratchAddress(state));
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

    /** Bytes of a page: 4,096, on arm64 also 16,384 or 65,536. */
    public static int getpagesize() {
        return call(GETPAGESIZE);
    }

    /** By address: for mappings that the program itself did not make. */
    public static int madvise(long address, long length, int advice) {
        return call(MADVISE, address, length, advice);
    }

    public static int prctl(int option, long arg2, long arg3, long arg4, long arg5) {
        return call(PRCTL, option, arg2, arg3, arg4, arg5);
    }

    /** A struct __user_cap_header_struct, and two structs __user_cap_data_struct to be filled. */
    public static int capget(MemorySegment header, MemorySegment data) {
        return call(CAPGET, address(header, 0, 8), address(data, 0, 24));
    }

    /** As {@link #capget}; changes the calling thread alone. */
    public static int capset(MemorySegment header, MemorySegment data) {
        return call(CAPSET, address(header, 0, 8), address(data, 0, 24));
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

    /**
     * With which = PRIO_PROCESS (0) and who = 0: nice value of the calling thread, for threads that
     * it starts as well.
     */
    public static int setpriority(int which, int who, int niceValue) {
        return call(SETPRIORITY, which, who, niceValue);
    }

    /** {@code param} is a struct sched_param: an int. Thread 0 is the calling one. */
    public static int schedSetscheduler(int tid, int policy, MemorySegment param, long offset) {
        return call(SCHED_SETSCHEDULER, tid, policy, address(param, offset, Integer.BYTES));
    }

    public static int geteuid() {
        return call(GETEUID);
    }

    public static int kill(int pid, int signal) {
        return call(KILL, pid, signal);
    }

    /** Takes note of a child that has ended: its number, 0 while none has, or {@code -errno}. */
    public static int reapChild() {
        return call(WAITPID, -1, 0L, WNOHANG);
    }
}

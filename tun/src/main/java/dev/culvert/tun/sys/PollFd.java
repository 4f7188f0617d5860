package dev.culvert.tun.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct pollfd}: descriptor (4 bytes; negative: ignored), wanted events (2), returned
 * events (2).
 */
public final class PollFd {
    public static final short POLLIN = 0x1;
    public static final short POLLOUT = 0x4;
    public static final short POLLERR = 0x8;
    public static final short POLLHUP = 0x10;
    public static final short POLLNVAL = 0x20;

    public static final long FD_OFFSET = 0;
    public static final long EVENTS_OFFSET = 4;
    public static final long REVENTS_OFFSET = 6;
    public static final long SIZE_BYTES = 8;

    private PollFd() {}

    /** Sets element {@code index} of the array at {@code offset}. */
    public static void set(MemorySegment pollfds, long offset, int index, int fd, int events) {
        long at = offset + index * SIZE_BYTES;
        pollfds.set(ValueLayout.JAVA_INT, at + FD_OFFSET, fd);
        pollfds.set(ValueLayout.JAVA_SHORT, at + EVENTS_OFFSET, (short) events);
        pollfds.set(ValueLayout.JAVA_SHORT, at + REVENTS_OFFSET, (short) 0);
    }

    public static int returnedEvents(MemorySegment pollfds, long offset, int index) {
        return pollfds.get(ValueLayout.JAVA_SHORT, offset + index * SIZE_BYTES + REVENTS_OFFSET);
    }
}

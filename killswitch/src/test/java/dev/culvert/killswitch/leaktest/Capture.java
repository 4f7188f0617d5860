package dev.culvert.killswitch.leaktest;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every frame that arrives at a link, from the opening on. */
final class Capture implements AutoCloseable {
    private static final int ETH_P_ALL = 3;
    private static final int RECEIVE_BUFFER_BYTES = 32 << 20;
    private static final int FRAME_BYTES = 65_536;
    private static final long QUIET_MS = 150;

    private final int fd;
    private final byte[] ownMac;

    private Capture(int fd, byte[] ownMac) {
        this.fd = fd;
        this.ownMac = ownMac;
    }

    /**
     * Starts.
     *
     * @param ownMac frames from this sender are its own, not arrivals
     */
    static Capture open(NetworkNamespace namespace, int ifindex, byte[] ownMac) throws Exception {
        int fd = namespace.callInside(Capture::socket);
        ErrnoException.check(
                "SO_RCVBUFFORCE",
                Libc.setsockopt(
                        fd,
                        SocketConstants.SOL_SOCKET,
                        SocketConstants.SO_RCVBUFFORCE,
                        RECEIVE_BUFFER_BYTES));
        bind(fd, ifindex);
        return new Capture(fd, ownMac);
    }

    /** A packet socket that does not block. */
    static int socket() throws ErrnoException {
        return ErrnoException.check(
                "packet socket",
                Libc.socket(
                        ProbeSockets.AF_PACKET,
                        SocketConstants.SOCK_RAW
                                | SocketConstants.SOCK_NONBLOCK
                                | SocketConstants.SOCK_CLOEXEC,
                        0));
    }

    /** To all protocols of a link. */
    static void bind(int fd, int ifindex) throws ErrnoException {
        byte[] address = ProbeSockets.linkAddress(ifindex, ETH_P_ALL);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sockaddr = arena.allocateFrom(ValueLayout.JAVA_BYTE, address);
            ErrnoException.check("bind", Libc.bind(fd, sockaddr, 0, address.length));
        }
    }

    /** What arrived since the last call, once nothing more arrives. */
    List<Frame> drain() throws InterruptedException {
        List<Frame> frames = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(FRAME_BYTES);
            boolean quiet = false;
            while (!quiet) {
                Thread.sleep(QUIET_MS);
                quiet = true;
                for (int length = Libc.recv(fd, buffer, 0, FRAME_BYTES, 0);
                        length >= 0;
                        length = Libc.recv(fd, buffer, 0, FRAME_BYTES, 0)) {
                    quiet = false;
                    Frame frame =
                            new Frame(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
                    if (!Arrays.equals(frame.source(), ownMac)) {
                        frames.add(frame);
                    }
                }
            }
        }
        return frames;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}

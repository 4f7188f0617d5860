package dev.culvert.app.warmup;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;

/** A socket pair in place of a TUN device: a data path has one end, its link is the other. */
public final class StandIn implements AutoCloseable {
    private final int fd;
    private final TunDevice tun;

    private StandIn(int fd, TunDevice tun) {
        this.fd = fd;
        this.tun = tun;
    }

    /** Opens both ends. */
    public static StandIn open() throws ErrnoException {
        int[] ends = new int[2];
        ErrnoException.check(
                "socketpair",
                Libc.socketpair(
                        SocketConstants.AF_UNIX,
                        SocketConstants.SOCK_SEQPACKET
                                | SocketConstants.SOCK_NONBLOCK
                                | SocketConstants.SOCK_CLOEXEC,
                        0,
                        ends));
        return new StandIn(ends[0], TunDevice.standIn(ends[1], TunDevice.DEFAULT_MTU));
    }

    /** Where packets go in and come out, a virtio header in front of each; non-blocking. */
    int fd() {
        return fd;
    }

    /** The end that is for the data path. */
    public TunDevice tun() {
        return tun;
    }

    /** Both ends. */
    @Override
    public void close() {
        tun.close();
        Libc.close(fd);
    }
}

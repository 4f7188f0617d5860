package dev.culvert.datapath;

import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what an I/O engine cannot get over. */
final class Failures implements IoFailureListener {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private final DatapathListener listener;

    Failures(DatapathListener listener) {
        this.listener = listener;
    }

    @Override
    public void onTunFailure(int errno) {
        listener.onTunGone(errno);
    }

    @Override
    public void onUdpFailure(UdpSocket socket, int errno) {
        log.error(
                "receiving by {} has ended: {}",
                socket.ipv6() ? "IPv6" : "IPv4",
                Errno.text(errno));
    }

    @Override
    public void onCrash(Throwable bug) {
        listener.onCrash(bug);
    }
}

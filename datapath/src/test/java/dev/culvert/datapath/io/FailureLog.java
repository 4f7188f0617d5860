package dev.culvert.datapath.io;

import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Errno;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Notes the failures that an engine reports, as "tun EBADFD" and "udp EBADF". */
final class FailureLog implements IoFailureListener {
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    @Override
    public void onTunFailure(int errno) {
        failures.add("tun " + Errno.name(errno));
    }

    @Override
    public void onUdpFailure(UdpSocket socket, int errno) {
        failures.add("udp " + Errno.name(errno));
    }

    @Override
    public void onCrash(Throwable bug) {
        failures.add("crash " + bug);
    }

    /** Those not awaited. */
    List<String> all() {
        return List.copyOf(failures);
    }

    /** The next failure, or null when there is none within that time. */
    @Nullable String await(long timeoutMs) throws InterruptedException {
        return failures.poll(timeoutMs, TimeUnit.MILLISECONDS);
    }
}

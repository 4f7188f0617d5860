package dev.culvert.app.tunnel;

import dev.culvert.datapath.DatapathListener;
import dev.culvert.tun.sys.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A data path that came to an end ends the process. */
final class DatapathEnd implements DatapathListener {
    private static final Logger log = LoggerFactory.getLogger(DatapathEnd.class);

    private final Ending ending;

    DatapathEnd(Ending ending) {
        this.ending = ending;
    }

    /** EBADFD is a deleted device, which is how {@code wg-quick down} ends a tunnel. */
    @Override
    public void onTunGone(int errno) {
        if (errno == Errno.EBADFD) {
            ending.request(0);
        } else {
            log.error("the TUN device cannot be read: {}", Errno.text(errno));
            ending.request(1);
        }
    }

    @Override
    public void onCrash(Throwable bug) {
        log.error("the data path has stopped", bug);
        ending.request(1);
    }
}

package dev.culvert.app.tunnel;

import dev.culvert.datapath.Datapath;
import dev.culvert.tun.TunListener;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on to the data path what becomes of the link. Thread: tun-monitor. */
final class LinkChanges implements TunListener {
    private static final Logger log = LoggerFactory.getLogger(LinkChanges.class);

    private final Datapath datapath;
    private final Ending ending;

    LinkChanges(Datapath datapath, Ending ending) {
        this.datapath = datapath;
        this.ending = ending;
    }

    @Override
    public void up() {
        int errno = datapath.up();
        if (errno == 0) {
            log.info("interface up");
        } else {
            log.error("interface up, but no UDP socket: {}", Errno.text(errno));
        }
    }

    @Override
    public void down() {
        datapath.down();
        log.info("interface down");
    }

    /** The data path asks the device for it. */
    @Override
    public void mtu(int mtu) {
        log.info("MTU {}", mtu);
    }

    @Override
    public void deleted() {
        log.info("interface deleted");
        ending.request(0);
    }

    @Override
    public void routesChanged() {
        datapath.routesChanged();
    }

    @Override
    public void unobservable(ErrnoException why) {
        log.warn("cannot follow the interface for now: {}", why.getMessage());
    }
}

package dev.culvert.app.rehearsal;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.TunException;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;

/** Asks the kernel for links, and for TUN devices that cannot be. */
final class TunRehearsal {
    private TunRehearsal() {}

    static Void run() throws ErrnoException {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            rtnetlink.links().list();
            rtnetlink.links().setMtu(Integer.MAX_VALUE, TunDevice.DEFAULT_MTU);
        } catch (RtnetlinkException expected) {
            // There is no such link.
        }
        TunOffload offload = new TunOffload(true, true);
        try {
            TunDevice.open("/", TunDevice.DEFAULT_MTU, offload).close();
        } catch (TunException expected) {
            // That is no name.
        }
        int fd = Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        try {
            TunDevice.adopt(fd, TunDevice.DEFAULT_MTU, offload).close();
        } catch (TunException expected) {
            // It went as far as an ioctl can be asked.
        } finally {
            Libc.close(fd);
        }
        return null;
    }
}

package dev.culvert.tun;

import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;

/** The steps to an attached descriptor, each with its reasons to fail in plain words. */
final class TunOpening {
    private static final String CLONE_DEVICE = "/dev/net/tun";

    private TunOpening() {}

    static int openClone() throws TunException {
        int fd = Libc.open(CLONE_DEVICE, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (fd >= 0) {
            return fd;
        }
        throw new TunException(
                switch (-fd) {
                    case Errno.ENOENT ->
                            CLONE_DEVICE
                                    + " is missing: load the tun module, or give the container the device (--device "
                                    + CLONE_DEVICE
                                    + ")";
                    case Errno.ENODEV, Errno.ENXIO ->
                            CLONE_DEVICE
                                    + " has no driver behind it: the kernel lacks TUN (modprobe tun)";
                    case Errno.EACCES, Errno.EPERM ->
                            CLONE_DEVICE
                                    + " may not be opened: run as root, open it to all users on the host (chmod 666 "
                                    + CLONE_DEVICE
                                    + "), or give the container the device (--device "
                                    + CLONE_DEVICE
                                    + ")";
                    default -> CLONE_DEVICE + " cannot be opened: " + Errno.text(fd);
                });
    }

    static void attach(int fd, String name, boolean vnetHeader) throws TunException {
        int flags =
                TunIoctl.IFF_TUN | TunIoctl.IFF_NO_PI | (vnetHeader ? TunIoctl.IFF_VNET_HDR : 0);
        int result = setInterface(fd, name, flags);
        if (result >= 0) {
            return;
        }
        throw new TunException(
                switch (-result) {
                    case Errno.EPERM ->
                            "no permission to create TUN device "
                                    + name
                                    + ": CAP_NET_ADMIN is needed (run as root, or --cap-add NET_ADMIN)";
                    case Errno.EBUSY ->
                            name + " is in use: another process has this TUN device open";
                    case Errno.EINVAL -> invalid(name);
                    default -> "TUN device " + name + " cannot be created: " + Errno.text(result);
                });
    }

    private static int setInterface(int fd, String name, int flags) throws TunException {
        try {
            return TunIoctl.setInterface(fd, name, flags);
        } catch (LinkageError failed) {
            throw jnaMissing(failed);
        }
    }

    private static TunException jnaMissing(LinkageError failed) {
        return new TunException(
                "JNA cannot load its native library (it wants a writable java.io.tmpdir, or jna.boot.library.path): "
                        + String.valueOf(failed.getMessage()).lines().findFirst().orElse(""),
                failed);
    }

    /**
     * The kernel says the same of a link of another kind and of a persistent TUN made with other
     * flags.
     */
    private static String invalid(String name) {
        Link link = null;
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            link = rtnetlink.links().get(name);
        } catch (ErrnoException unknown) {
            // Then without the detail.
        }
        if (link == null) {
            return "the kernel refuses " + name + " as the name of a TUN device";
        }
        if (link.kind().equals("tun")) {
            return name
                    + " is in use: a TUN or TAP device of that name was made with other options (ip link delete "
                    + name
                    + ")";
        }
        return name + " is in use: a network link of that name exists and is no TUN device";
    }

    static void checkAdoptable(int fd) throws TunException {
        TunIoctl.Interface device = describe(fd);
        if ((device.flags() & TunIoctl.IFF_TUN) == 0) {
            throw new TunException(
                    device.name() + " (descriptor " + fd + ") is a TAP device, not a TUN");
        }
        if ((device.flags() & TunIoctl.IFF_NO_PI) == 0) {
            throw new TunException(
                    device.name()
                            + " (descriptor "
                            + fd
                            + ") puts packet information before each packet: open it with IFF_NO_PI");
        }
    }

    static TunIoctl.Interface describe(int fd) throws TunException {
        TunIoctl.Interface[] answer = new TunIoctl.Interface[1];
        int result;
        try {
            result = TunIoctl.getInterface(fd, answer);
        } catch (LinkageError failed) {
            throw jnaMissing(failed);
        }
        if (result >= 0) {
            return answer[0];
        }
        throw new TunException(
                switch (-result) {
                    case Errno.EBADF -> "descriptor " + fd + " is not open";
                    case Errno.EBADFD ->
                            "descriptor " + fd + " is not attached to a TUN device (TUNSETIFF)";
                    case Errno.ENOTTY, Errno.EINVAL -> "descriptor " + fd + " is no TUN device";
                    default -> "descriptor " + fd + ": " + Errno.text(result);
                });
    }
}

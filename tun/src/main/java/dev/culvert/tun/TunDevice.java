package dev.culvert.tun;

import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A TUN device without packet information, non-blocking. With a virtio header each read and write
 * starts with its 10 bytes, and the kernel hands over and takes super-packets.
 *
 * <p>Any thread may ask; who closes it has stopped the threads that use {@link #fd()} and the
 * {@link TunMonitor} before. Unless the device was made persistent by someone else, closing deletes
 * it.
 */
public final class TunDevice implements AutoCloseable {
    public static final int DEFAULT_MTU = 1420;

    /**
     * A send with UDP_SEGMENT carries at most 65,507 bytes: a super-packet of 60 KiB still fits in
     * one, one of 64 KiB would take two.
     */
    static final int GSO_MAX_SIZE_BYTES = 61440;

    private final int fd;
    private final String name;
    private final int linkIndex;
    private final boolean vnetHeader;
    private final TunFeatures features;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile int mtu;

    private TunDevice(
            int fd, String name, int linkIndex, int mtu, boolean vnetHeader, TunFeatures features) {
        this.fd = fd;
        this.name = name;
        this.linkIndex = linkIndex;
        this.mtu = mtu;
        this.vnetHeader = vnetHeader;
        this.features = features;
    }

    /**
     * Creates the device in the network namespace of the calling thread, down, or attaches to a
     * persistent one of that name. {@code %d} in the name stands for a number that the kernel
     * chooses.
     */
    public static TunDevice open(String name, int mtu, TunOffload offload) throws TunException {
        LinkName.check(name);
        int fd = TunOpening.openClone();
        try {
            TunOpening.attach(fd, name, offload.vnetHeader());
            return attached(fd, mtu, offload);
        } catch (TunException | RuntimeException | Error failed) {
            Libc.close(fd);
            throw failed;
        }
    }

    /**
     * Takes over a descriptor that is attached to a TUN already; it is closed with this, but not
     * when adopting fails. A virtio header that the device was made with cannot be switched off:
     * then it stays, without offloads.
     */
    public static TunDevice adopt(int fd, int mtu, TunOffload offload) throws TunException {
        TunOpening.checkAdoptable(fd);
        int set = Libc.setNonBlocking(fd, true);
        if (set < 0) {
            throw new TunException("descriptor " + fd + ": " + Errno.text(set));
        }
        return attached(fd, mtu, offload);
    }

    /**
     * A descriptor that is no TUN but behaves like one with all offloads: each read and write is
     * one packet behind a virtio header. There is no link to it, so nothing to monitor. For the
     * rehearsal of the packet path where no TUN can be had.
     *
     * @param fd non-blocking, closed with this
     */
    public static TunDevice standIn(int fd, int mtu) {
        return new TunDevice(fd, "stand-in", 0, mtu, true, new TunFeatures(true, true));
    }

    private static TunDevice attached(int fd, int mtu, TunOffload offload) throws TunException {
        TunIoctl.Interface device = TunOpening.describe(fd);
        boolean vnetHeader = (device.flags() & TunIoctl.IFF_VNET_HDR) != 0;
        TunFeatures features =
                vnetHeader ? TunFeatures.negotiate(fd, offload.vnetHeader()) : TunFeatures.NONE;
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            TunLocation.Sight sight = TunLocation.look(fd, rtnetlink);
            if (sight == null) {
                throw new TunException(device.name() + " has gone while it was being opened");
            }
            Link link = sight.link();
            int now = link.mtu();
            if (sight.home()) {
                now = withMtu(rtnetlink, link, mtu);
                if (features.tcpSegmentation()) {
                    boundSuperPackets(rtnetlink, link);
                }
            }
            return new TunDevice(fd, link.name(), link.index(), now, vnetHeader, features);
        } catch (ErrnoException failed) {
            throw new TunException(device.name() + ": " + failed.getMessage(), failed);
        }
    }

    /**
     * The MTU that it has then: who may use a device that others have set up need not be who may
     * change it.
     */
    private static int withMtu(Rtnetlink rtnetlink, Link link, int mtu) throws TunException {
        if (link.mtu() == mtu) {
            return mtu;
        }
        try {
            rtnetlink.links().setMtu(link.index(), mtu);
            return mtu;
        } catch (RtnetlinkException refused) {
            if (refused.errno() == Errno.EPERM) {
                return link.mtu();
            }
            throw new TunException(
                    link.name() + " does not take an MTU of " + mtu + ": " + refused.getMessage(),
                    refused);
        }
    }

    private static void boundSuperPackets(Rtnetlink rtnetlink, Link link) {
        try {
            rtnetlink.links().setGsoMaxSize(link.index(), GSO_MAX_SIZE_BYTES);
        } catch (RtnetlinkException olderKernel) {
            // Larger super-packets then take two sends each: slower, nothing else.
        }
    }

    /** For {@code read} and {@code writev}; non-blocking. */
    public int fd() {
        return fd;
    }

    /** The name when it was opened. */
    public String name() {
        return name;
    }

    /** Index of the link when it was opened. */
    public int linkIndex() {
        return linkIndex;
    }

    /** As the kernel has it; follows changes while a {@link TunMonitor} runs. */
    public int mtu() {
        return mtu;
    }

    void setMtu(int value) {
        mtu = value;
    }

    /** Whether each packet is preceded by a virtio header. */
    public boolean vnetHeader() {
        return vnetHeader;
    }

    /** Whether the kernel hands over TCP super-packets and packets without a finished checksum. */
    public boolean tcpSegmentation() {
        return features.tcpSegmentation();
    }

    /** Whether it hands over and takes UDP super-packets too (USO, since Linux 6.2). */
    public boolean udpSegmentation() {
        return features.udpSegmentation();
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            Libc.close(fd);
        }
    }

    @Override
    public String toString() {
        return "TUN " + name;
    }
}

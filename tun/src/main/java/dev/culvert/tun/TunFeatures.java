package dev.culvert.tun;

/** What a device with a virtio header hands over unfinished. */
record TunFeatures(boolean tcpSegmentation, boolean udpSegmentation) {
    static final TunFeatures NONE = new TunFeatures(false, false);

    private static final int VNET_HEADER_BYTES = 10;
    private static final int TCP = TunIoctl.TUN_F_CSUM | TunIoctl.TUN_F_TSO4 | TunIoctl.TUN_F_TSO6;
    private static final int UDP = TunIoctl.TUN_F_USO4 | TunIoctl.TUN_F_USO6;

    /** The most that the kernel agrees to. */
    static TunFeatures negotiate(int fd, boolean wanted) throws TunException {
        int sized = TunIoctl.setVnetHeaderSize(fd, VNET_HEADER_BYTES);
        if (sized < 0) {
            throw new TunException("the TUN device refuses a virtio header of 10 bytes");
        }
        if (wanted && TunIoctl.setOffload(fd, TCP | UDP) >= 0) {
            return new TunFeatures(true, true);
        }
        if (wanted && TunIoctl.setOffload(fd, TCP) >= 0) {
            return new TunFeatures(true, false);
        }
        // Whoever made the device may have switched some on. Refused, they were off.
        TunIoctl.setOffload(fd, 0);
        return NONE;
    }
}

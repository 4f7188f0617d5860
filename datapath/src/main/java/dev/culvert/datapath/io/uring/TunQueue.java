package dev.culvert.datapath.io.uring;

/**
 * A TUN queue and how it is read.
 *
 * @param fd stays its owner's
 * @param vnetHeader whether reads begin with a virtio_net_hdr (IFF_VNET_HDR)
 * @param multishot false: only ever one read at a time, as on kernels before 6.7
 */
record TunQueue(int fd, boolean vnetHeader, boolean multishot) {}

/**
 * The virtio_net_hdr that stands before each packet on a TUN opened with IFF_VNET_HDR (OASIS virtio
 * 1.2, §5.1.6; linux/virtio_net.h).
 */
@NullMarked
package dev.culvert.tun.virtio;

import org.jspecify.annotations.NullMarked;

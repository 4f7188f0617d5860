package dev.culvert.datapath.udp;

/**
 * Off-switches of the UDP side, for kernels on which an offload corrupts or rejects packets.
 *
 * @param segmentation send with UDP_SEGMENT
 * @param coalescing receive with UDP_GRO
 */
public record UdpOffload(boolean segmentation, boolean coalescing) {}

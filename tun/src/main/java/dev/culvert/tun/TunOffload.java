package dev.culvert.tun;

/** Off-switches of the TUN side, for kernels on which an offload corrupts or rejects packets. */
public record TunOffload(boolean vnetHeader, boolean gro) {}

package dev.culvert.datapath.io;

import dev.culvert.datapath.scheduling.BulkLoad;
import org.jspecify.annotations.Nullable;

/** One kind of I/O engine, by the name that {@code CULVERT_IO} gives it. */
public interface PacketIoProvider {
    /** "syscalls" or "io_uring". */
    String name();

    /** Why this engine cannot run here, in one line, or null when it can. Probes the kernel. */
    @Nullable String unavailableBecause();

    /**
     * An engine for one shard, not yet started.
     *
     * @param shard number of the shard, for thread names
     * @param tunFd non-blocking descriptor of the TUN queue; stays its owner's
     * @param vnetHeader whether reads of {@code tunFd} begin with a virtio_net_hdr (IFF_VNET_HDR)
     * @param load of the shard, which its duties keep
     */
    PacketIo open(
            int shard,
            int tunFd,
            boolean vnetHeader,
            OutboundDuty outbound,
            InboundDuty inbound,
            BulkLoad load,
            IoFailureListener failures);
}

package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.io.PacketIoProvider;
import dev.culvert.datapath.scheduling.BulkLoad;
import org.jspecify.annotations.Nullable;

/** {@code CULVERT_IO=io_uring}. Making one loads nothing of Netty. */
public final class IoUringProvider implements PacketIoProvider {
    public IoUringProvider() {}

    @Override
    public String name() {
        return "io_uring";
    }

    @Override
    public @Nullable String unavailableBecause() {
        return IoUringProbe.unavailableBecause();
    }

    @Override
    public PacketIo open(
            int shard,
            int tunFd,
            boolean vnetHeader,
            OutboundDuty outbound,
            InboundDuty inbound,
            BulkLoad load,
            IoFailureListener failures) {
        TunQueue tun = new TunQueue(tunFd, vnetHeader, true);
        return new IoUringPacketIo(shard, tun, outbound, inbound, load, failures);
    }
}

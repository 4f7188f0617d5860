package dev.culvert.datapath.io.uring;

import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.io.PacketIoProvider;
import dev.culvert.datapath.scheduling.BulkLoad;
import org.jspecify.annotations.Nullable;

/** The io_uring engine as it runs on a kernel without multishot reads. */
public final class SingleReadsProvider implements PacketIoProvider {
    public SingleReadsProvider() {}

    @Override
    public String name() {
        return "io_uring, single reads";
    }

    @Override
    public @Nullable String unavailableBecause() {
        return null;
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
        TunQueue tun = new TunQueue(tunFd, vnetHeader, false);
        return new IoUringPacketIo(shard, tun, outbound, inbound, load, failures);
    }

    @Override
    public String toString() {
        return name();
    }
}

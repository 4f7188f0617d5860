package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.io.PacketIoProvider;
import dev.culvert.datapath.scheduling.BulkLoad;
import org.jspecify.annotations.Nullable;

/** {@code CULVERT_IO=syscalls}. */
public final class SyscallsProvider implements PacketIoProvider {
    public SyscallsProvider() {}

    @Override
    public String name() {
        return "syscalls";
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
        return new SyscallsPacketIo(
                shard, new TunReader(tunFd, vnetHeader, outbound), inbound, load, failures);
    }
}

package dev.culvert.datapath;

import dev.culvert.datapath.icmp.UnreachableWriter;
import dev.culvert.datapath.inbound.HandshakeRing;
import dev.culvert.datapath.inbound.Inbound;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.io.PacketIoProvider;
import dev.culvert.datapath.nat.Nat;
import dev.culvert.datapath.outbound.DatagramRun;
import dev.culvert.datapath.outbound.Outbound;
import dev.culvert.datapath.outbound.Sealer;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.scheduling.LoadMeter;
import dev.culvert.datapath.udp.UdpPort;
import dev.culvert.tun.TunDevice;
import dev.culvert.tun.gro.GroCoalescer;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.device.Wakeup;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.transport.IndexTable;
import java.lang.foreign.Arena;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A TUN queue and its two directions, each run to completion by its thread, with everything that is
 * one thread's own.
 */
final class Shard {
    final DropCounters outboundDrops = new DropCounters();
    final DropCounters inboundDrops = new DropCounters();
    final HandshakeRing handshakes = new HandshakeRing();
    final UnreachableWriter unreachable;
    final DatagramRun run;
    final GroCoalescer coalescer;
    final PacketIo io;
    private final Outbound outbound;
    private final Inbound inbound;

    /**
     * @param number 0..
     * @param arena lives as long as this
     * @param mtu of the TUN
     * @param coalesce whether packets for the TUN are coalesced where it takes super-packets
     */
    Shard(
            int number,
            Arena arena,
            TunDevice tun,
            IntSupplier mtu,
            boolean coalesce,
            UdpPort port,
            AllowedIps allowedIps,
            IndexTable indexTable,
            Wakeup home,
            PacketIoProvider provider,
            IoFailureListener failures) {
        int fd = tun.fd();
        BulkLoad load = new BulkLoad();
        unreachable = new UnreachableWriter(arena, fd, tun.vnetHeader());
        run = new DatagramRun(arena, port, outboundDrops);
        outbound =
                new Outbound(
                        allowedIps,
                        new Sealer(1 + number, mtu, run, outboundDrops),
                        unreachable,
                        outboundDrops,
                        new LoadMeter(load));
        coalescer =
                new GroCoalescer(
                        (iovecs, count) -> Libc.writev(fd, iovecs, 0, count),
                        tun.vnetHeader(),
                        coalesce && tun.tcpSegmentation(),
                        coalesce && tun.udpSegmentation());
        inbound =
                new Inbound(
                        number,
                        indexTable,
                        allowedIps,
                        handshakes,
                        home,
                        coalescer,
                        inboundDrops,
                        new LoadMeter(load));
        io = provider.open(number, fd, tun.vnetHeader(), outbound, inbound, load, failures);
    }

    /** Translates from the next batches on; null: not any more. */
    void translate(@Nullable Nat nat) {
        outbound.translate(nat);
        inbound.translate(nat);
    }
}

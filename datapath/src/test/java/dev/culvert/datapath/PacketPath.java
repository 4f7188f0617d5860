package dev.culvert.datapath;

import dev.culvert.datapath.icmp.UnreachableWriter;
import dev.culvert.datapath.inbound.HandshakeRing;
import dev.culvert.datapath.inbound.Inbound;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.outbound.DatagramRun;
import dev.culvert.datapath.outbound.Outbound;
import dev.culvert.datapath.outbound.Sealer;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.scheduling.LoadMeter;
import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.datapath.udp.UdpPort;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.datapath.udp.UdpSocketPair;
import dev.culvert.tun.gro.GroCoalescer;
import dev.culvert.tun.sys.Iovec;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.MsgHdr;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.allowedips.Prefix;
import dev.culvert.wg.packet.DropCounters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The packet path from left's TUN to right's TUN on the test's own thread: left's outbound duty
 * sends over loopback sockets, right's inbound duty gets what arrives. The TUNs are the test.
 */
final class PacketPath implements AutoCloseable {
    static final int MTU = 1420;

    final Session session = Session.establish();
    final DropCounters outboundDrops = new DropCounters();
    final DropCounters inboundDrops = new DropCounters();
    final HandshakeRing handshakes = new HandshakeRing();
    final List<byte[]> delivered = new ArrayList<>();
    final UdpSocketPair leftSockets;
    final UdpSocketPair rightSockets;
    private final UdpSocket rightSocket;
    final UdpPort leftPort = new UdpPort();
    final Outbound outbound;
    final Inbound inbound;
    final DatagramRun run;
    int homeWakes;
    boolean keepDelivered = true;
    long deliveredPackets;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment tunBuffer = arena.allocate(66_000, 64);
    private final MemorySegment received = arena.allocate(8 * 65536, 64);
    private final MemorySegment header = arena.allocate(MsgHdr.SIZE_BYTES, 8);
    private final MemorySegment iovec = arena.allocate(Iovec.SIZE_BYTES, 8);
    private final MemorySegment name = arena.allocate(ReceivedMessage.NAME_CAPACITY_BYTES, 8);
    private final MemorySegment control = arena.allocate(ReceivedMessage.CONTROL_CAPACITY_BYTES, 8);
    final ReceivedMessage meta = new ReceivedMessage();

    /**
     * Allowed both ways: 10.81.0.0/16 and fd81::/16 behind right, 10.82.0.0/16 and fd82::/16 behind
     * left.
     */
    PacketPath() throws Exception {
        leftSockets = UdpSocketPair.bind(0, 0, new UdpOffload(true, true), UdpAddresses.ANY);
        rightSockets = UdpSocketPair.bind(0, 0, new UdpOffload(true, true), UdpAddresses.ANY);
        rightSocket = rightSockets.sockets().getFirst();
        leftPort.replace(leftSockets);
        int nameLength = SockAddr.encode(new byte[] {127, 0, 0, 1}, 9, 0, name, 0);
        meta.wrap(name, 0, nameLength, control, 0, 0, false);
        Session.Side left = session.left;
        Session.Side right = session.right;
        left.allowedIps.insert(Prefix.of(new byte[] {10, 81, 0, 0}, 16), left.peer);
        right.allowedIps.insert(Prefix.of(new byte[] {10, 82, 0, 0}, 16), right.peer);
        byte[] v6 = new byte[16];
        v6[0] = (byte) 0xfd;
        v6[1] = (byte) 0x81;
        left.allowedIps.insert(Prefix.of(v6, 16), left.peer);
        v6[1] = (byte) 0x82;
        right.allowedIps.insert(Prefix.of(v6, 16), right.peer);
        left.peer.roam(endpoint(rightSockets.port()));
        run = new DatagramRun(arena, leftPort, outboundDrops);
        BulkLoad load = new BulkLoad();
        outbound =
                new Outbound(
                        left.allowedIps,
                        new Sealer(1, () -> MTU, run, outboundDrops),
                        new UnreachableWriter(arena, -1, true),
                        outboundDrops,
                        new LoadMeter(load));
        inbound =
                new Inbound(
                        0,
                        right.indexTable,
                        right.allowedIps,
                        handshakes,
                        () -> homeWakes++,
                        new GroCoalescer(this::deliver, false, false, false),
                        inboundDrops,
                        new LoadMeter(load));
    }

    static UdpEndpoint endpoint(int port) {
        return Objects.requireNonNull(UdpEndpoint.of(new byte[] {127, 0, 0, 1}, port, ""));
    }

    private int deliver(MemorySegment iovecs, int count) {
        deliveredPackets++;
        if (keepDelivered) {
            long address = iovecs.get(ValueLayout.JAVA_LONG, 0);
            int length = (int) iovecs.get(ValueLayout.JAVA_LONG, 8);
            int at = (int) (address - received.address());
            delivered.add(received.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
        }
        return 1;
    }

    /** Puts a packet into the TUN buffer, with a zero virtio header or the one given. */
    void read(byte[] virtioHeader, byte[] packet) {
        MemorySegment.copy(
                virtioHeader, 0, tunBuffer, ValueLayout.JAVA_BYTE, 0, virtioHeader.length);
        MemorySegment.copy(
                packet, 0, tunBuffer, ValueLayout.JAVA_BYTE, VirtioNetHeader.BYTES, packet.length);
        int length = VirtioNetHeader.BYTES + packet.length;
        for (int i = 0; i < OutboundDuty.TAIL_ROOM_BYTES; i++) {
            tunBuffer.set(ValueLayout.JAVA_BYTE, length + i, (byte) 0x7f);
        }
        outbound.onTunRead(tunBuffer, 0, length);
    }

    void read(byte[] packet) {
        read(new byte[VirtioNetHeader.BYTES], packet);
    }

    /** Receives what has arrived at right, as one batch. Returns datagrams, or runs of them. */
    int receive() {
        UdpSocket socket = rightSocket;
        int count = 0;
        while (count < 8) {
            long offset = count * 65536L;
            int length = receive(socket, offset);
            if (length < 0) {
                break;
            }
            inbound.onReceive(socket, received, offset, length, meta);
            count++;
        }
        if (count > 0) {
            inbound.onBatchEnd();
        }
        return count;
    }

    private int receive(UdpSocket socket, long offset) {
        Iovec.set(iovec, 0, 0, received.address() + offset, 65536);
        MsgHdr.setName(header, 0, name.address(), ReceivedMessage.NAME_CAPACITY_BYTES);
        MsgHdr.setIovecs(header, 0, iovec.address(), 1);
        MsgHdr.setControl(header, 0, control.address(), ReceivedMessage.CONTROL_CAPACITY_BYTES);
        int length = Libc.recvmsg(socket.fd(), header, 0, 0);
        meta.wrap(
                name,
                0,
                MsgHdr.nameLength(header, 0),
                control,
                0,
                (int) MsgHdr.controlLength(header, 0),
                false);
        return length;
    }

    /** Takes one datagram from right's socket, without handing it on. */
    byte[] take() {
        int length = receive(rightSocket, 0);
        return length < 0
                ? new byte[0]
                : received.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Hands bytes to right's inbound duty as if received just now, in a batch of their own. */
    void inject(byte[] datagrams) {
        MemorySegment.copy(datagrams, 0, received, ValueLayout.JAVA_BYTE, 0, datagrams.length);
        inbound.onReceive(rightSocket, received, 0, datagrams.length, meta);
        inbound.onBatchEnd();
    }

    @Override
    public void close() {
        leftSockets.close();
        rightSockets.close();
        session.left.keypair().retire();
        session.right.keypair().retire();
        arena.close();
    }
}

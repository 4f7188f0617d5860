package dev.culvert.wg.device;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.allowedips.Prefix;
import dev.culvert.wg.packet.InnerPacket;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.transport.TestSession;
import dev.culvert.wg.transport.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What the engine does for a packet allocates nothing; the AEAD behind it is not measured here. */
final class PacketPathAllocationTest {
    private static final int PACKETS = 20_000;

    /** Copies, with a tag of zeroes. */
    private static final class CopyingAead implements AeadProvider, AeadKey {
        @Override
        public String name() {
            return "copy";
        }

        @Override
        public AeadKey newKey(byte[] key32) {
            return this;
        }

        @Override
        public void seal(
                long counter,
                MemorySegment src,
                long srcOffset,
                int length,
                MemorySegment dst,
                long dstOffset) {
            MemorySegment.copy(src, srcOffset, dst, dstOffset, length);
        }

        @Override
        public int open(
                long counter,
                MemorySegment src,
                long srcOffset,
                int length,
                MemorySegment dst,
                long dstOffset) {
            return length - TAG_BYTES;
        }

        @Override
        public void close() {}
    }

    private final TestSession session = TestSession.create(new CopyingAead(), 2, 0);
    private final AllowedIps allowedIps = new AllowedIps();
    private final IndexTable table = new IndexTable();
    private final MemorySegment tun = Arena.ofAuto().allocate(2048);
    private final MemorySegment wire = Arena.ofAuto().allocate(2048);
    private long delivered;

    @Test
    void sealingOpeningAndLookingUpAllocateNothing() {
        Peer peer = session.initiator().peer();
        peer.setCurrent(session.initiator());
        allowedIps.insert(Prefix.of(new byte[] {10, 0, 0, 0}, 8), peer);
        allowedIps.insert(Prefix.of(new byte[] {10, 1, 0, 0}, 16), session.responder().peer());
        RandomGenerator fixed = () -> (long) session.responder().localIndex() << Integer.SIZE;
        table.reserve(session.responder().peer(), fixed);
        table.publish(session.responder());
        byte[] packet = InnerPackets.ipv4(1, 2, 1400, 1);
        packet[12] = 10;
        packet[13] = 1;
        packet[16] = 10;
        packet[17] = 2;
        MemorySegment.copy(packet, 0, tun, ValueLayout.JAVA_BYTE, 0, packet.length);

        for (int round = 0; round < 5; round++) {
            run(round);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(id);
        run(5);
        long allocated = threads.getThreadAllocatedBytes(id) - before;
        assertTrue(delivered == 6L * PACKETS, delivered + " delivered");
        assertTrue(allocated < PACKETS / 10, allocated + " bytes for " + PACKETS + " packets");
    }

    private void run(int round) {
        for (int i = 0; i < PACKETS; i++) {
            long nowNs = (long) round * PACKETS + i;
            int length = send(nowNs);
            receive(length, nowNs);
        }
    }

    private int send(long nowNs) {
        int length = InnerPacket.totalLength(tun, 0, 1400);
        Peer peer = allowedIps.lookup4(InnerPacket.destination4(tun, 0));
        Keypair keypair = peer == null ? null : peer.sendKeypair(nowNs);
        if (peer == null || peer.hasStaged() || keypair == null || !keypair.acquire()) {
            return 0;
        }
        int sealed =
                Transport.seal(
                        keypair,
                        keypair.sealKey(1),
                        keypair.reserve(1),
                        tun,
                        0,
                        Transport.paddedLength(length, 1420),
                        wire,
                        0);
        keypair.release();
        peer.onSent(nowNs, true, peer.onSending(1, sealed));
        return sealed;
    }

    private void receive(int length, long nowNs) {
        if (MessageType.of(wire, 0, length) != MessageType.TRANSPORT) {
            return;
        }
        Keypair keypair = table.lookup(MessageTransport.receiverIndex(wire, 0));
        if (keypair == null || keypair.expired(nowNs) || !keypair.acquire()) {
            return;
        }
        int opened = Transport.open(keypair, keypair.openKey(0), wire, 0, length);
        keypair.release();
        int total = InnerPacket.totalLength(wire, MessageTransport.PAYLOAD_OFFSET, opened);
        Peer source =
                allowedIps.lookup4(InnerPacket.source4(wire, MessageTransport.PAYLOAD_OFFSET));
        if (total == 1400 && source == keypair.peer()) {
            delivered++;
        }
        keypair.peer().onReceived(nowNs, keypair, true, 1, length);
    }
}

package dev.culvert.tun.gso;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.packet.TestPacket;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads as the TUN gives them, and the splitter driven over them as the outbound thread does. */
public final class SplitOracle {
    private static final int LEAD_BYTES = 7;
    private static final int TAIL_BYTES = GsoSplitter.MAX_PADDING_BYTES;

    private SplitOracle() {}

    /** What a read of a super-packet gives: virtio header and packet. */
    public static byte[] superPacket(TestPacket packet, int gsoSize, int moreType) {
        int type =
                !packet.tcp
                        ? VirtioNetHeader.GSO_UDP_L4
                        : packet.v4 ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_TCPV6;
        return read(
                VirtioNetHeader.FLAG_NEEDS_CHECKSUM,
                type | moreType,
                packet.headerBytes(),
                gsoSize,
                packet.transportOffset(),
                packet.checksumOffset(),
                packet.buildWithPartialChecksum());
    }

    public static byte[] read(
            int flags,
            int gsoType,
            int headerLength,
            int gsoSize,
            int checksumStart,
            int checksumOffset,
            byte[] packet) {
        ByteBuffer out = ByteBuffer.allocate(10 + packet.length).order(ByteOrder.nativeOrder());
        out.put((byte) flags).put((byte) gsoType).putShort((short) headerLength);
        out.putShort((short) gsoSize).putShort((short) checksumStart);
        return out.putShort((short) checksumOffset).put(packet).array();
    }

    /** All segments, each padded to a multiple of 16 and looked at before the next one is made. */
    public static List<byte[]> split(GsoSplitter splitter, byte[] read) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LEAD_BYTES + read.length + TAIL_BYTES);
            buffer.fill((byte) 0xee);
            MemorySegment.copy(MemorySegment.ofArray(read), 0, buffer, LEAD_BYTES, read.length);
            int count = splitter.begin(buffer, LEAD_BYTES, read.length);
            List<byte[]> segments = new ArrayList<>();
            if (count < 0) {
                throw new IllegalArgumentException(GsoRejection.of(count).label());
            }
            while (splitter.next()) {
                segments.add(take(splitter, buffer));
            }
            assertEquals(count, segments.size());
            assertUntouched(buffer, 0, LEAD_BYTES);
            assertUntouched(buffer, LEAD_BYTES + read.length, TAIL_BYTES);
            return segments;
        }
    }

    private static byte[] take(GsoSplitter splitter, MemorySegment buffer) {
        int length = splitter.packetLength();
        int padded = (length + 15) & ~15;
        splitter.pad(padded);
        for (int i = length; i < padded; i++) {
            assertEquals(0, buffer.get(ValueLayout.JAVA_BYTE, splitter.packetOffset() + i));
        }
        return buffer.asSlice(splitter.packetOffset(), length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static void assertUntouched(MemorySegment buffer, long offset, int length) {
        for (int i = 0; i < length; i++) {
            assertEquals((byte) 0xee, buffer.get(ValueLayout.JAVA_BYTE, offset + i));
        }
    }
}

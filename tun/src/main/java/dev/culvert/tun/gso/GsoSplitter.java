package dev.culvert.tun.gso;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.Ipv6Extensions;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Splits what was read from a TUN with IFF_VNET_HDR into packets, in place.
 *
 * <pre>
 *  read:       [virtio][headers][payload 0][payload 1][payload 2]
 *  segment 0:          [headers][payload 0]
 *  segment 1:               [headers][payload 1]            over payload 0, which is gone
 *  segment 2:                          [headers][payload 2]
 * </pre>
 *
 * <p>Each segment is contiguous when {@link #next} has answered true, and only until the following
 * call of it: the caller copies it away (sealing is that copy) before it asks for the next one.
 * Headers are made as the kernel's own software segmentation makes them: IPv4 ids count up, FIN and
 * PSH stand on the last segment alone, CWR on the first alone, and every checksum is computed.
 *
 * <p>Nothing in the virtio header is trusted: what cannot be split gives a {@link GsoRejection},
 * and the header length hint is not read at all. One thread at a time; allocates nothing after
 * construction.
 */
public final class GsoSplitter {
    /** {@link #pad} adds fewer bytes than this. */
    public static final int MAX_PADDING_BYTES = 16;

    private static final int MAX_PACKET_BYTES = 65_535 + Ipv6.HEADER_BYTES;

    /** Room for IPv6 with every extension that real super-packets have, and a full TCP header. */
    private static final int MAX_HEADER_BYTES = 512;

    private static final int FIN_PSH = Tcp.FIN | Tcp.PSH;

    /** Headers of all segments, with each field that differs between them zero. */
    private final MemorySegment template = Arena.ofAuto().allocate(MAX_HEADER_BYTES, 8);

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

    // The 16 bytes behind the current segment, zeroed for padding.
    private long behind;
    private long farBehind;

    private MemorySegment buffer = MemorySegment.NULL;
    private boolean segmented;
    private boolean tcp;
    private boolean v4;
    private int transportOffset;
    private int headerBytes;
    private int gsoSize;

    /** IPv4 header and transport sums over the template. */
    private int ipSum;

    private int transportSum;
    private int firstId;
    private int sequence;
    private int flags;

    private int segmentCount;
    private int nextSegment;
    private long payloadOffset;
    private long endOffset;

    private long packetOffset;
    private int packetLength;
    private boolean padded;

    /** A splitter that has begun nothing. */
    public GsoSplitter() {}

    /**
     * Starts on {@code length} bytes at {@code offset}: virtio header and packet. The packet is not
     * changed until {@link #next}, but for a checksum that the virtio header says is owed on a
     * plain packet: it is written, and the header no longer asks for it, so that the same bytes may
     * be begun again.
     *
     * @return the number of segments, at least 1, or the code of a {@link GsoRejection}
     */
    public int begin(MemorySegment buf, long offset, int length) {
        buffer = buf;
        segmentCount = 0;
        nextSegment = 0;
        padded = false;
        int packetBytes = length - VirtioNetHeader.BYTES;
        if (packetBytes < 1) {
            return GsoRejection.TRUNCATED.code();
        }
        if (packetBytes > MAX_PACKET_BYTES) {
            return GsoRejection.TOO_LONG.code();
        }
        packetOffset = offset + VirtioNetHeader.BYTES;
        packetLength = packetBytes;
        endOffset = packetOffset + packetBytes;
        int type = VirtioNetHeader.gsoType(buf, offset) & ~VirtioNetHeader.GSO_ECN;
        segmented = type != VirtioNetHeader.GSO_NONE;
        int rejected = segmented ? beginSegments(offset, type) : beginPlain(offset);
        if (rejected < 0) {
            return rejected;
        }
        return segmentCount;
    }

    private int beginPlain(long offset) {
        if (VirtioNetHeader.needsChecksum(buffer, offset)) {
            int start = VirtioNetHeader.checksumStart(buffer, offset);
            int field = start + VirtioNetHeader.checksumOffset(buffer, offset);
            if (field + 2 > packetLength) {
                return GsoRejection.CHECKSUM_RANGE.code();
            }
            // The field holds the pseudo-header sum: whatever the protocol, the sum over all is
            // due.
            int sum = Checksum.sum(buffer, packetOffset + start, packetLength - start);
            NetworkOrder.put16(buffer, packetOffset + field, Checksum.complementNonZero(sum));
            VirtioNetHeader.setFlags(buffer, offset, 0);
        }
        segmentCount = 1;
        return 0;
    }

    private int beginSegments(long offset, int type) {
        gsoSize = VirtioNetHeader.gsoSize(buffer, offset);
        if (gsoSize == 0) {
            return GsoRejection.SIZE.code();
        }
        int rejected = parse(type, VirtioNetHeader.needsChecksum(buffer, offset));
        if (rejected < 0) {
            return rejected;
        }
        int payload = packetLength - headerBytes;
        segmentCount = Math.max(1, (payload + gsoSize - 1) / gsoSize);
        payloadOffset = packetOffset + headerBytes;
        return 0;
    }

    private int parse(int type, boolean partialChecksum) {
        int version = NetworkOrder.get8(buffer, packetOffset) >>> 4;
        v4 = version == 4;
        tcp = type != VirtioNetHeader.GSO_UDP_L4;
        boolean fits =
                switch (type) {
                    case VirtioNetHeader.GSO_TCPV4 -> version == 4;
                    case VirtioNetHeader.GSO_TCPV6 -> version == 6;
                    case VirtioNetHeader.GSO_UDP_L4 -> version == 4 || version == 6;
                    default -> false;
                };
        if (!fits) {
            return GsoRejection.TYPE.code();
        }
        int pseudoSum = v4 ? parseV4() : parseV6(partialChecksum);
        return pseudoSum < 0 ? pseudoSum : parseTransport(pseudoSum);
    }

    /** The pseudo-header sum for a transport length of zero, or a rejection. */
    private int parseV4() {
        if (packetLength < Ipv4.HEADER_BYTES) {
            return GsoRejection.TRUNCATED.code();
        }
        transportOffset = Ipv4.headerBytes(buffer, packetOffset);
        if (transportOffset < Ipv4.HEADER_BYTES) {
            return GsoRejection.IP_HEADER.code();
        }
        if (Ipv4.totalLength(buffer, packetOffset) != packetLength) {
            return GsoRejection.LENGTH.code();
        }
        if ((Ipv4.flags(buffer, packetOffset) & Ipv4.FRAGMENT_MASK) != 0) {
            return GsoRejection.FRAGMENT.code();
        }
        if (Ipv4.protocol(buffer, packetOffset) != protocol()) {
            return GsoRejection.PROTOCOL.code();
        }
        return Checksum.pseudoHeaderV4(buffer, packetOffset, protocol(), 0);
    }

    private int parseV6(boolean partialChecksum) {
        if (packetLength < Ipv6.HEADER_BYTES) {
            return GsoRejection.TRUNCATED.code();
        }
        if (Ipv6.payloadLength(buffer, packetOffset) != packetLength - Ipv6.HEADER_BYTES) {
            return GsoRejection.LENGTH.code();
        }
        long walked = Ipv6Extensions.walk(buffer, packetOffset, packetLength);
        if (walked == Ipv6Extensions.TRUNCATED) {
            return GsoRejection.TRUNCATED.code();
        }
        transportOffset = Ipv6Extensions.headerBytes(walked);
        if (transportOffset > MAX_HEADER_BYTES - Tcp.MAX_HEADER_BYTES) {
            return GsoRejection.IP_HEADER.code();
        }
        int protocol = Ipv6Extensions.protocol(walked);
        if (protocol == Ipv6.FRAGMENT) {
            return GsoRejection.FRAGMENT.code();
        }
        if (protocol != protocol()) {
            return GsoRejection.PROTOCOL.code();
        }
        if (!Ipv6Extensions.routed(walked)) {
            return Checksum.pseudoHeaderV6(buffer, packetOffset, protocol, 0);
        }
        // Only the sender knows the final destination, and has summed it into the field.
        return partialChecksum ? sumOfField() : GsoRejection.ROUTING_HEADER.code();
    }

    private int sumOfField() {
        int field = transportOffset + checksumOffset();
        if (field + 2 > packetLength) {
            return GsoRejection.TRUNCATED.code();
        }
        int sum = NetworkOrder.get16(buffer, packetOffset + field);
        return Checksum.add(sum, Checksum.complement(packetLength - transportOffset));
    }

    private int parseTransport(int pseudoSum) {
        int smallest = tcp ? Tcp.HEADER_BYTES : Udp.HEADER_BYTES;
        if (packetLength - transportOffset < smallest) {
            return GsoRejection.TRUNCATED.code();
        }
        long transport = packetOffset + transportOffset;
        int transportBytes = tcp ? Tcp.headerBytes(buffer, transport) : Udp.HEADER_BYTES;
        if (transportBytes < smallest) {
            return GsoRejection.TRANSPORT_HEADER.code();
        }
        headerBytes = transportOffset + transportBytes;
        if (headerBytes > packetLength) {
            return GsoRejection.TRUNCATED.code();
        }
        makeTemplate(transport, transportBytes, pseudoSum);
        return 0;
    }

    private void makeTemplate(long transport, int transportBytes, int pseudoSum) {
        MemorySegment.copy(buffer, packetOffset, template, 0, headerBytes);
        if (v4) {
            firstId = Ipv4.id(buffer, packetOffset);
            NetworkOrder.put32(template, Ipv4.TOTAL_LENGTH_OFFSET, 0); // and the id behind it
            NetworkOrder.put16(template, Ipv4.CHECKSUM_OFFSET, 0);
            ipSum = Checksum.sum(template, 0, transportOffset);
        }
        if (tcp) {
            sequence = Tcp.sequence(buffer, transport);
            flags = Tcp.flags(buffer, transport);
            NetworkOrder.put32(template, transportOffset + Tcp.SEQUENCE_OFFSET, 0);
            NetworkOrder.put16(template, transportOffset + Tcp.FLAGS_OFFSET, 0);
        } else {
            NetworkOrder.put16(template, transportOffset + Udp.LENGTH_OFFSET, 0);
        }
        NetworkOrder.put16(template, transportOffset + checksumOffset(), 0);
        int headerSum = Checksum.sum(template, transportOffset, transportBytes);
        transportSum = Checksum.add(pseudoSum, headerSum);
    }

    private int protocol() {
        return tcp ? Tcp.PROTOCOL : Udp.PROTOCOL;
    }

    private int checksumOffset() {
        return tcp ? Tcp.CHECKSUM_OFFSET : Udp.CHECKSUM_OFFSET;
    }

    /**
     * Makes the next segment, at {@link #packetOffset} with {@link #packetLength} bytes.
     *
     * @return false when there is none left
     */
    public boolean next() {
        unpad();
        if (nextSegment >= segmentCount) {
            return false;
        }
        if (segmented) {
            makeSegment();
        }
        nextSegment++;
        return true;
    }

    private void makeSegment() {
        boolean last = nextSegment == segmentCount - 1;
        int payload = last ? (int) (endOffset - payloadOffset) : gsoSize;
        packetOffset = payloadOffset - headerBytes;
        packetLength = headerBytes + payload;
        MemorySegment.copy(template, 0, buffer, packetOffset, headerBytes);
        if (v4) {
            writeIpv4();
        } else {
            int length = packetLength - Ipv6.HEADER_BYTES;
            NetworkOrder.put16(buffer, packetOffset + Ipv6.PAYLOAD_LENGTH_OFFSET, length);
        }
        int transportBytes = packetLength - transportOffset;
        int sum = Checksum.sum(buffer, payloadOffset, payload);
        sum = Checksum.add(Checksum.add(sum, transportSum), transportBytes);
        long transport = packetOffset + transportOffset;
        sum = tcp ? writeTcp(transport, sum, last) : writeUdp(transport, sum, transportBytes);
        int checksum = tcp ? Checksum.complement(sum) : Checksum.complementNonZero(sum);
        NetworkOrder.put16(buffer, transport + checksumOffset(), checksum);
        payloadOffset += payload;
    }

    private void writeIpv4() {
        int id = firstId + nextSegment & 0xffff;
        int sum = Checksum.add(Checksum.add(ipSum, packetLength), id);
        NetworkOrder.put16(buffer, packetOffset + Ipv4.TOTAL_LENGTH_OFFSET, packetLength);
        NetworkOrder.put16(buffer, packetOffset + Ipv4.ID_OFFSET, id);
        NetworkOrder.put16(buffer, packetOffset + Ipv4.CHECKSUM_OFFSET, Checksum.complement(sum));
    }

    private int writeTcp(long transport, int sum, boolean last) {
        int segmentSequence = sequence + nextSegment * gsoSize;
        int segmentFlags = flags;
        if (!last) {
            segmentFlags &= ~FIN_PSH;
        }
        if (nextSegment > 0) {
            segmentFlags &= ~Tcp.CWR;
        }
        NetworkOrder.put32(buffer, transport + Tcp.SEQUENCE_OFFSET, segmentSequence);
        NetworkOrder.put16(buffer, transport + Tcp.FLAGS_OFFSET, segmentFlags);
        int words = Checksum.add(segmentSequence >>> 16, segmentSequence & 0xffff);
        return Checksum.add(Checksum.add(sum, words), segmentFlags);
    }

    private int writeUdp(long transport, int sum, int transportBytes) {
        NetworkOrder.put16(buffer, transport + Udp.LENGTH_OFFSET, transportBytes);
        return Checksum.add(sum, transportBytes);
    }

    /** Where the current segment's IP header is. */
    public long packetOffset() {
        return packetOffset;
    }

    /** Bytes of the current segment, without padding. */
    public int packetLength() {
        return packetLength;
    }

    /**
     * Zeroes the bytes from the end of the current segment up to {@code paddedLength}, and some
     * more; {@link #next} brings them back. The buffer reaches at least {@link #MAX_PADDING_BYTES}
     * beyond what was read.
     *
     * @param paddedLength from {@link #packetLength} to 15 bytes more
     */
    public void pad(int paddedLength) {
        int padding = paddedLength - packetLength;
        if (padding < 0 || padding >= MAX_PADDING_BYTES) {
            throw new IllegalArgumentException("padding of " + padding + " bytes");
        }
        if (!padded) {
            long end = packetOffset + packetLength;
            behind = buffer.get(WORD, end);
            farBehind = buffer.get(WORD, end + Long.BYTES);
            buffer.set(WORD, end, 0);
            buffer.set(WORD, end + Long.BYTES, 0);
            padded = true;
        }
    }

    private void unpad() {
        if (padded) {
            long end = packetOffset + packetLength;
            buffer.set(WORD, end, behind);
            buffer.set(WORD, end + Long.BYTES, farBehind);
            padded = false;
        }
    }
}

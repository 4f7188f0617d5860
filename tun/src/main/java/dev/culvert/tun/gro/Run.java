package dev.culvert.tun.gro;

import java.lang.foreign.MemorySegment;

/**
 * Packets of one flow, in order, that make one super-packet; or a single packet that stays as it
 * is. Pooled: a batch starts runs by {@link #start}.
 */
final class Run {
    /** IP header and payload of a super-packet. */
    static final int MAX_BYTES = 65_535;

    /** The kernel refuses more datagrams in one send; no device makes longer trains. */
    static final int MAX_UDP_PACKETS = 64;

    private static final int ID_ANY = 0;
    private static final int ID_COUNTS = 1;
    private static final int ID_FIXED = 2;

    /** The first packet, whose headers are those of the super-packet. */
    final PacketHeaders first = new PacketHeaders();

    /** Numbers of the first and last packet in the batch. */
    int firstPacket;

    int lastPacket;

    int packets;
    int payloadBytes;

    /** Payload of each packet but the last. */
    int gsoSize;

    /** Whether the last packet has PSH. */
    boolean push;

    private boolean open;
    private boolean firstVerified;
    private int nextSequence;
    private int lastId;
    private int idRule;

    void start(MemorySegment buf, long offset, int length, int packet) {
        first.moveTo(buf, offset, length);
        firstPacket = packet;
        lastPacket = packet;
        packets = 1;
        push = false;
        open = false;
        firstVerified = false;
        if (first.hasFlow() && first.mergeable()) {
            payloadBytes = first.payloadBytes;
            gsoSize = first.payloadBytes;
            push = first.push();
            open = !push;
            idRule = ID_ANY;
            if (first.tcp) {
                nextSequence = first.sequence() + payloadBytes;
            }
            if (first.v4) {
                lastId = first.id();
            }
        }
    }

    /** Takes the packet if it is the next one; if not, it starts its flow's next run. */
    boolean append(PacketHeaders next, int packet) {
        if (!open || !fits(next)) {
            return false;
        }
        int rule = first.v4 ? idRuleWith(next) : ID_ANY;
        if (rule < 0 || !verified(next)) {
            return false;
        }
        idRule = rule;
        lastId = first.v4 ? next.id() : 0;
        lastPacket = packet;
        packets++;
        payloadBytes += next.payloadBytes;
        nextSequence += next.payloadBytes;
        push = next.push();
        open = !push && next.payloadBytes == gsoSize;
        return true;
    }

    private boolean fits(PacketHeaders next) {
        return next.mergeable()
                && next.payloadBytes <= gsoSize
                && first.headerBytes + payloadBytes + next.payloadBytes <= MAX_BYTES
                && (first.tcp ? next.sequence() == nextSequence : packets < MAX_UDP_PACKETS)
                && first.sameHeaders(next);
    }

    /**
     * Segmentation counts ids up, so that is what they have to do; or, as ids mean nothing in a
     * packet that nobody may fragment (RFC 6864), they may all be the same.
     *
     * @return the rule that holds with {@code next}, or -1
     */
    private int idRuleWith(PacketHeaders next) {
        int id = next.id();
        if (idRule != ID_FIXED && id == (lastId + 1 & 0xffff)) {
            return ID_COUNTS;
        }
        if (idRule != ID_COUNTS && id == lastId && next.dontFragment()) {
            return ID_FIXED;
        }
        return -1;
    }

    /**
     * A super-packet is written with checksums that say "right": no wrong packet may hide in it.
     * The first packet is only looked at when there is a second one.
     */
    private boolean verified(PacketHeaders next) {
        if (!firstVerified) {
            firstVerified = first.checksumsRight();
        }
        return firstVerified && next.checksumsRight();
    }
}

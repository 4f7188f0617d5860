package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** Finds whom a packet that came through the tunnel is for. Inbound thread. */
public final class InboundNat {
    private final Nat nat;
    private final DropCounters drops;
    private final AtomicLong translated;
    private final FlowHeaders headers = new FlowHeaders();
    private final FlowHeaders heldHeaders = new FlowHeaders();
    private final DestinationTranslation translation;
    private final IcmpErrors errors;
    private final LastFlow lastFlow = new LastFlow();
    private final KnownFragments known;
    private final HeldFragments held = new HeldFragments();

    // The packet whose held fragments are to be handed out.
    private boolean releasing;
    private long releasedHigh;
    private long releasedLow;
    private long releasedKey;
    private long releasedNs;
    private int released;

    InboundNat(Nat nat, DropCounters drops, AtomicLong translated) {
        this.nat = nat;
        this.drops = drops;
        this.translated = translated;
        translation = new DestinationTranslation(nat, drops);
        errors = new IcmpErrors(nat, drops);
        known = new KnownFragments(nat.hash());
    }

    /**
     * Translates a packet in place.
     *
     * @param length from its IP header, all of which is there
     */
    public NatVerdict translate(MemorySegment buf, long offset, int length, long nowNs) {
        if (lastFlow.translate(buf, offset, length, nowNs)) {
            count(lastFlow.changes());
            return NatVerdict.FORWARD;
        }
        boolean whole = headers.read(buf, offset, length);
        long high = headers.destinationHigh();
        long low = headers.destinationLow();
        if (!nat.isOwn(headers.v4, high, low)) {
            // Clients are reached through the table alone.
            if (nat.masqueraded.contains(headers.v4, high, low)) {
                drops.count(DropReason.NAT_FILTERED);
                return NatVerdict.DROP;
            }
            return NatVerdict.FORWARD;
        }
        if (!whole) {
            return NatVerdict.FORWARD;
        }
        return switch (headers.kind) {
            case FLOW -> flow(buf, offset, length, nowNs);
            case ERROR -> errors.inbound(buf, offset, length, headers, nowNs);
            case LATER_FRAGMENT -> laterFragment(buf, offset, length, nowNs);
            case OTHER -> NatVerdict.FORWARD;
        };
    }

    private NatVerdict flow(MemorySegment buf, long offset, int length, long nowNs) {
        if (Space.isIcmp(headers.space) && headers.isQuery()) {
            return NatVerdict.FORWARD; // The tunnel's own host is asked.
        }
        if (headers.firstFragment) {
            return firstFragment(buf, offset, length, nowNs);
        }
        boolean remembered = lastFlow.remember(buf, offset, length, headers);
        NatVerdict verdict = translation.flow(buf, offset, length, headers, false, nowNs);
        count(translation.changed());
        if (remembered && verdict == NatVerdict.FORWARD) {
            lastFlow.arm(buf, offset, translation.changed(), nowNs);
        }
        return verdict;
    }

    private void count(boolean changed) {
        if (changed) {
            translated.setOpaque(translated.getPlain() + 1);
        }
    }

    private NatVerdict firstFragment(MemorySegment buf, long offset, int length, long nowNs) {
        long high = headers.sourceHigh();
        long low = headers.sourceLow();
        long key = KnownFragments.key(headers.v4, headers.protocol, headers.fragmentId);
        NatVerdict verdict = translation.flow(buf, offset, length, headers, false, nowNs);
        if (verdict != NatVerdict.FORWARD) {
            return verdict;
        }
        count(translation.changed());
        boolean v4 = headers.v4;
        long toHigh = translation.changed() ? translation.high() : nat.ownHigh(v4);
        long toLow = translation.changed() ? translation.low() : nat.ownLow(v4);
        known.put(high, low, key, toHigh, toLow, nowNs);
        releasing = !held.isEmpty();
        releasedHigh = high;
        releasedLow = low;
        releasedKey = key;
        releasedNs = nowNs;
        return verdict;
    }

    private NatVerdict laterFragment(MemorySegment buf, long offset, int length, long nowNs) {
        if (headers.space == Space.NONE) {
            return NatVerdict.FORWARD;
        }
        long high = headers.sourceHigh();
        long low = headers.sourceLow();
        long key = KnownFragments.key(headers.v4, headers.protocol, headers.fragmentId);
        int entry = known.find(high, low, key, nowNs);
        if (entry < 0) {
            int lost = held.hold(high, low, key, buf, offset, length, nowNs);
            drops.count(DropReason.NAT_FRAGMENT_GIVEN_UP, lost);
            return NatVerdict.HOLD;
        }
        address(buf, offset, headers.v4, entry);
        return NatVerdict.FORWARD;
    }

    private void address(MemorySegment buf, long packet, boolean v4, int entry) {
        int at = v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET;
        Rewriting.address(buf, packet, v4, at, known.toHigh(entry), known.toLow(entry));
    }

    /**
     * Whether a fragment that was held belongs to the first fragment that was just translated: it
     * is in {@link #heldMemory}, translated, until the next call of {@link #translate}.
     */
    public boolean nextReleased() {
        if (!releasing) {
            return false;
        }
        released = held.take(releasedHigh, releasedLow, releasedKey, releasedNs);
        int entry = known.find(releasedHigh, releasedLow, releasedKey, releasedNs);
        if (released < 0 || entry < 0) {
            releasing = false;
            return false;
        }
        int offset = held.offset(released);
        if (heldHeaders.read(held.memory(), offset, held.length(released))) {
            address(held.memory(), offset, heldHeaders.v4, entry);
        }
        return true;
    }

    /** Where held fragments are. */
    public MemorySegment heldMemory() {
        return held.memory();
    }

    /** Of the fragment that {@link #nextReleased} has found. */
    public long releasedOffset() {
        return held.offset(released);
    }

    /** Of the fragment that {@link #nextReleased} has found. */
    public int releasedLength() {
        return held.length(released);
    }
}

package dev.culvert.datapath.nat;

import dev.culvert.wg.packet.DropCounters;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The translation of one tunnel: its rules and its table, which both directions share. */
public final class Nat {
    /** Sessions that one batch of outbound packets looks at for their end. */
    private static final int SWEEP_BUDGET = 512;

    private static final long SWEEP_NS = 10_000_000;

    final NatLock lock = new NatLock();
    final NatTable table;
    final Prefixes masqueraded;
    final boolean hasForwards;
    final IntSupplier mtu;

    private final NatRules rules;
    private final Hash fragmentHash;
    private final boolean has4;
    private final boolean has6;
    private final long low4;
    private final long high6;
    private final long low6;
    private long sweptNs;

    // Packets and super-packets that were translated, of each thread.
    private final List<AtomicLong> outbound = new CopyOnWriteArrayList<>();
    private final List<AtomicLong> inbound = new CopyOnWriteArrayList<>();

    /**
     * @param random for ports and the keys of hashes, cryptographic
     * @param mtu of the tunnel
     * @throws IllegalArgumentException if two port forwards have one port or one target
     */
    public Nat(NatRules rules, RandomGenerator random, IntSupplier mtu) {
        this.rules = rules;
        this.mtu = mtu;
        fragmentHash = new Hash(random.nextLong(), random.nextLong());
        table = new NatTable(rules.limits(), random);
        masqueraded = new Prefixes(rules.masqueraded());
        hasForwards = !rules.forwards().isEmpty();
        has4 = rules.address4() != null;
        has6 = rules.address6() != null;
        low4 = low(rules.address4());
        high6 = rules.address6() == null ? 0 : Addresses.high(rules.address6());
        low6 = low(rules.address6());
        for (PortForward forward : rules.forwards()) {
            add(forward);
        }
    }

    private static long low(@Nullable InetAddress address) {
        return address == null ? 0 : Addresses.low(address);
    }

    private void add(PortForward forward) {
        boolean v4 = forward.target().getAddress().length == 4;
        boolean added =
                table.forward(
                        Space.of(v4, forward.protocol()),
                        forward.port(),
                        Addresses.high(forward.target()),
                        Addresses.low(forward.target()),
                        forward.targetPort());
        if (!added) {
            throw new IllegalArgumentException(
                    "two port forwards have the same port or the same target: "
                            + forward.port()
                            + " to "
                            + forward.target().getHostAddress()
                            + " port "
                            + forward.targetPort());
        }
    }

    /** As given. */
    public NatRules rules() {
        return rules;
    }

    /** For one outbound thread. */
    public OutboundNat outbound(DropCounters drops) {
        return new OutboundNat(this, drops, counter(outbound));
    }

    /** For one inbound thread. */
    public InboundNat inbound(DropCounters drops) {
        return new InboundNat(this, drops, counter(inbound));
    }

    /** For the tables of fragments. */
    Hash hash() {
        return fragmentHash;
    }

    private static AtomicLong counter(List<AtomicLong> counters) {
        AtomicLong counter = new AtomicLong();
        counters.add(counter);
        return counter;
    }

    private static long sum(List<AtomicLong> counters) {
        return counters.stream().mapToLong(AtomicLong::getOpaque).sum();
    }

    /** Whether the tunnel has an address of that version. */
    boolean translates(boolean v4) {
        return v4 ? has4 : has6;
    }

    boolean isOwn(boolean v4, long high, long low) {
        return v4 ? has4 && low == low4 : has6 && low == low6 && high == high6;
    }

    long ownHigh(boolean v4) {
        return v4 ? 0 : high6;
    }

    long ownLow(boolean v4) {
        return v4 ? low4 : low6;
    }

    /** Looks for what has expired, now and then. Outbound thread. */
    void sweep(long nowNs) {
        if (nowNs - sweptNs >= SWEEP_NS) {
            sweptNs = nowNs;
            lock.lock();
            table.sweep(SWEEP_BUDGET, nowNs);
            lock.unlock();
        }
    }

    /** What it holds at the moment. Any thread. */
    public NatStatistics statistics() {
        lock.lock();
        try {
            int[] counts = new int[Space.COUNT];
            for (int space = 0; space < Space.COUNT; space++) {
                counts[space] = table.count(space);
            }
            return NatStatistics.of(
                    counts,
                    table.sessions(),
                    rules.limits(),
                    table.sizeBytes(),
                    sum(outbound),
                    sum(inbound));
        } finally {
            lock.unlock();
        }
    }
}

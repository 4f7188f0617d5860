package dev.culvert.wg.device;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way between the nodes: takes 10 ms, and more and less for single datagrams when it reorders.
 * What is lost, duplicated and delayed follows from the seed.
 */
final class VirtualLink {
    static final long LATENCY_NS = 10_000_000;

    /** A datagram on its way. */
    record InFlight(long arrivesNs, long order, Datagram datagram) {}

    private final RandomGenerator random;
    private final PriorityQueue<InFlight> inFlight =
            new PriorityQueue<>((a, b) ->
                    a.arrivesNs() != b.arrivesNs()
                            ? Long.signum(a.arrivesNs() - b.arrivesNs())
                            : Long.compare(a.order(), b.order()));
    private final List<Datagram> sent = new ArrayList<>();
    private long order;
    private double loss;
    private double duplication;
    private long jitterNs;
    private Predicate<Datagram> eaten = _ -> false;
    private boolean recordsData = true;

    VirtualLink(RandomGenerator random) {
        this.random = random;
    }

    /** Makes the link bad. */
    void degrade(double loss, double duplication, long jitterMs) {
        this.loss = loss;
        this.duplication = duplication;
        this.jitterNs = jitterMs * 1_000_000;
    }

    /** Loses exactly these. */
    void lose(Predicate<Datagram> which) {
        eaten = which;
    }

    void loseNothing() {
        eaten = _ -> false;
    }

    /** Keeps no transport messages for {@link #sent}, for long runs. */
    void forgetData() {
        recordsData = false;
    }

    void send(Datagram datagram) {
        if (recordsData || datagram.type() != 4) {
            sent.add(datagram);
        }
        if (eaten.test(datagram)) {
            return;
        }
        int copies = 1;
        if (loss > 0 && random.nextDouble() < loss) {
            copies = 0;
        } else if (duplication > 0 && random.nextDouble() < duplication) {
            copies = 2;
        }
        for (int i = 0; i < copies; i++) {
            long jitter = jitterNs == 0 ? 0 : random.nextLong(jitterNs);
            inFlight.add(new InFlight(datagram.atNs() + LATENCY_NS + jitter, order++, datagram));
        }
    }

    /** When the next datagram arrives. */
    long nextNs() {
        InFlight first = inFlight.peek();
        return first == null ? Long.MAX_VALUE : first.arrivesNs();
    }

    @Nullable Datagram poll(long nowNs) {
        InFlight first = inFlight.peek();
        if (first == null || first.arrivesNs() - nowNs > 0) {
            return null;
        }
        inFlight.remove();
        return first.datagram();
    }

    /** All that was handed to the link, lost or not. */
    List<Datagram> sent() {
        return sent;
    }
}

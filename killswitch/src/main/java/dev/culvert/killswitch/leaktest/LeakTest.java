package dev.culvert.killswitch.leaktest;

import dev.culvert.killswitch.policy.Uplink;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tries every way out of the network namespace of the calling thread, with its privileges, while
 * the kill switch is in force as it is. Before that it proves that what leaves is seen.
 */
public final class LeakTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final long SETTLE_MS = 300;

    private record Trial(
            String uplink, Vector vector, InetAddress destination, Attempt.Outcome outcome) {
        LeakResult judged(Set<InetAddress> seen) {
            LeakResult.Verdict verdict = LeakResult.Verdict.HELD_BACK;
            if (seen.contains(destination)) {
                verdict = LeakResult.Verdict.LEAKED;
            } else if (outcome == Attempt.Outcome.NO_SOCKET) {
                verdict = LeakResult.Verdict.NOT_POSSIBLE;
            }
            return new LeakResult(uplink, vector, verdict);
        }
    }

    private LeakTest() {}

    /**
     * Takes half a second. The probes go to addresses for benchmarks, which no network routes, so
     * even one that leaks does no harm.
     *
     * @param uplinks to try them on
     * @param mark of the program's own sockets
     * @return one result for each uplink and vector
     * @throws LeakTestException if the uplinks cannot be watched: then nothing is proved
     */
    public static List<LeakResult> run(List<Uplink> uplinks, int mark) throws LeakTestException {
        try (Witness witness = Witness.watch(uplinks.stream().map(Uplink::name).toList())) {
            proveThatItSees(witness);
            List<Trial> trials = new ArrayList<>();
            for (Uplink uplink : uplinks) {
                ProbeLink link = ProbeLink.of(uplink);
                for (Vector vector : Vector.all()) {
                    InetAddress destination = vector.version().destination(trials.size() + 1);
                    Attempt attempt = Probe.send(vector, link, mark, destination);
                    trials.add(new Trial(uplink.name(), vector, destination, attempt.outcome()));
                }
            }
            settle();
            Set<InetAddress> seen = witness.seen();
            return trials.stream().map(trial -> trial.judged(seen)).toList();
        }
    }

    /** Loopback is open in every state. */
    private static void proveThatItSees(Witness witness) throws LeakTestException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[1], 1, LOOPBACK, Probe.UDP_PORT));
        } catch (IOException refused) {
            throw new LeakTestException(
                    "not even loopback takes a datagram: " + refused.getMessage(), refused);
        }
        if (!witness.seen().contains(LOOPBACK)) {
            throw new LeakTestException("the witness does not see what leaves");
        }
    }

    private static void settle() throws LeakTestException {
        try {
            Thread.sleep(SETTLE_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LeakTestException("interrupted", interrupted);
        }
    }
}

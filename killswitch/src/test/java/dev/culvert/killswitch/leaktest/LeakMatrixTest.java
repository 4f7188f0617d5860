package dev.culvert.killswitch.leaktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every state, every user, every vector; before that the proof that each probe would be seen. */
@Tag("netns")
@Tag("leaktest")
class LeakMatrixTest {
    private static final List<Identity> USERS =
            List.of(Identity.ROOT, Identity.USER, Identity.USER_WITH_NET_RAW);

    /** Printed by {@code make leaktest}. */
    private static final Path REPORT = Path.of("target/leak-matrix.txt");

    private record Trial(Identity user, Vector vector) {}

    private final MatrixReport report = new MatrixReport();
    private int probes;

    @Test
    void nothingLeavesInAnyState() throws Exception {
        try (UplinkLab lab = new UplinkLab();
                Capture capture = lab.capture()) {
            Map<Trial, Attempt.Outcome> open = control(lab, capture);
            KillSwitch killSwitch = new KillSwitch(Strictness.STRICT);
            for (Exemptions exemptions : List.of(Exemptions.NONE, Policies.MANY)) {
                for (Policy policy : lab.policies(exemptions).all()) {
                    lab.inside.callInside(() -> killSwitch.apply(policy));
                    capture.drain();
                    closed(lab, capture, policy, open);
                }
            }
        } finally {
            report.write(REPORT);
        }
    }

    /**
     * Without the kill switch all that can be sent arrives: otherwise silence would prove nothing.
     */
    private Map<Trial, Attempt.Outcome> control(UplinkLab lab, Capture capture) throws Exception {
        Map<InetAddress, Trial> sent = new HashMap<>();
        Map<Trial, Attempt.Outcome> outcomes = attempt(lab, sent);
        Set<Trial> missing = new HashSet<>(sent.values());
        for (Frame frame : capture.drain()) {
            frame.destination().map(sent::get).ifPresent(missing::remove);
        }
        missing.removeIf(trial -> outcomes.get(trial) != Attempt.Outcome.SENT);
        assertEquals(Set.of(), missing, "probes that nobody would see");
        long possible = outcomes.values().stream().filter(Attempt.Outcome.SENT::equals).count();
        assertTrue(possible >= 100, () -> "only " + possible + " probes could be sent");
        outcomes.forEach((trial, outcome) -> report.control(trial.user, trial.vector, outcome));
        return outcomes;
    }

    private void closed(
            UplinkLab lab, Capture capture, Policy policy, Map<Trial, Attempt.Outcome> open)
            throws Exception {
        Map<InetAddress, Trial> sent = new HashMap<>();
        Map<Trial, Attempt.Outcome> outcomes = attempt(lab, sent);
        List<String> leaks = new ArrayList<>();
        Set<Trial> leaked = new HashSet<>();
        for (Frame frame : capture.drain()) {
            Trial trial = frame.destination().map(sent::get).orElse(null);
            if (trial != null) {
                leaked.add(trial);
                leaks.add(trial + ": " + frame);
            } else if (!AllowedFrames.permits(policy, frame)) {
                leaks.add(frame.toString());
            }
        }
        outcomes.forEach((trial, outcome) -> {
            // What could not be tried with the switch off was not tried now either.
            boolean tried = open.get(trial) == Attempt.Outcome.SENT;
            report.result(policy.state(), trial.user, trial.vector, tried, leaked.contains(trial));
        });
        assertEquals(List.of(), leaks, policy.state());
    }

    private Map<Trial, Attempt.Outcome> attempt(UplinkLab lab, Map<InetAddress, Trial> sent)
            throws Exception {
        Map<Trial, Attempt.Outcome> outcomes = new LinkedHashMap<>();
        ProbeLink link = lab.probeLink();
        for (Identity user : USERS) {
            lab.inside.runInside(() -> {
                user.assume();
                for (Vector vector : Vector.all()) {
                    Trial trial = new Trial(user, vector);
                    InetAddress destination = vector.version().destination(++probes);
                    sent.put(destination, trial);
                    outcomes.put(
                            trial, Probe.send(vector, link, Policies.MARK, destination).outcome());
                }
            });
        }
        return outcomes;
    }
}

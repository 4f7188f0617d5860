package dev.culvert.app.command;

import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.routing.Uplinks;
import dev.culvert.killswitch.leaktest.LeakResult;
import dev.culvert.killswitch.leaktest.LeakTest;
import dev.culvert.killswitch.leaktest.LeakTestException;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.ErrnoException;
import java.util.List;

/** {@code culvert leaktest}: tries every way out, in the namespace as it is. */
final class LeakTestCommand {
    private LeakTestCommand() {}

    static int run(String name) {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            List<Uplink> uplinks = Uplinks.beside(rtnetlink, "tun");
            if (uplinks.isEmpty()) {
                System.err.println(name + ": there is no uplink that could leak");
                return 1;
            }
            List<LeakResult> results =
                    LeakTest.run(uplinks, RoutePlanner.markInForce(rtnetlink.rules().list()));
            results.forEach(LeakTestCommand::print);
            long leaks = count(results, LeakResult.Verdict.LEAKED);
            System.out.println(
                    count(results, LeakResult.Verdict.HELD_BACK)
                            + " held back, "
                            + leaks
                            + " leaked, "
                            + count(results, LeakResult.Verdict.NOT_POSSIBLE)
                            + " not possible");
            return leaks == 0 ? 0 : 1;
        } catch (ErrnoException | LeakTestException refused) {
            System.err.println(name + ": " + refused.getMessage());
            return 1;
        }
    }

    private static long count(List<LeakResult> results, LeakResult.Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }

    private static void print(LeakResult result) {
        System.out.printf(
                "%-18s %-10s %s%n", result.verdict().label(), result.uplink(), result.vector());
    }
}

package dev.culvert.app.connection;

import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.sys.ErrnoException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names that have to be known before a tunnel is opened: they are asked for until they are. */
final class AwaitedNames {
    private static final Logger log = LoggerFactory.getLogger(AwaitedNames.class);

    private static final long ASK_AGAIN_NS = 10_000_000_000L;

    private final Reach reach;
    private long askedNs;
    private String problem = "";

    AwaitedNames(Reach reach) {
        this.reach = reach;
    }

    void ask() {
        try {
            reach.ask();
        } catch (KillSwitchException | ErrnoException | ConnectionException refused) {
            postpone(String.valueOf(refused.getMessage()));
        }
    }

    /** Until the next attempt nothing is allowed for the tunnel. */
    void postpone(String why) {
        askedNs = System.nanoTime();
        if (!why.equals(problem)) {
            log.warn("{}: {}", reach.config().interfaceName(), why);
        }
        problem = why;
        reach.withdraw();
    }

    /** Asks again when it is time. */
    void look(long nowNs) {
        Lookup asked = reach.lookup();
        if (asked == null) {
            if (nowNs - askedNs >= ASK_AGAIN_NS) {
                ask();
            }
            return;
        }
        if (asked.isDone()) {
            try {
                asked.addresses();
            } catch (ConnectionException unresolved) {
                postpone(String.valueOf(unresolved.getMessage()));
            }
        }
    }

    boolean areKnown() {
        Lookup asked = reach.lookup();
        return asked != null && asked.isDone();
    }

    /** Why they are not known, one line; empty: nothing is known against them. */
    String problem() {
        return problem.isEmpty() ? "" : reach.config().interfaceName() + ": " + problem;
    }
}

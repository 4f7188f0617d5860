package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.rtnetlink.Announcements;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes in a network namespace lead to looks, and nothing else does. */
@Tag("netns")
final class WakeupsTest {
    private static final long NS_PER_MS = 1_000_000;
    private static final int LONG_MS = 5000;

    @AutoClose private final NetworkNamespace namespace = NetworkNamespace.create("wakeups");
    @AutoClose private Wakeups wakeups;

    @BeforeEach
    void open() throws Exception {
        namespace.run("ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1");
        wakeups = namespace.callInside(Wakeups::open);
        assertEquals(0, looksFor(1500), "nothing has changed");
    }

    /** As the main loop does. */
    private int looksFor(long ms) {
        long sinceNs = System.nanoTime();
        int looks = 0;
        long leftMs = ms;
        while (leftMs > 0) {
            wakeups.await((int) leftMs);
            if (wakeups.takeLook()) {
                looks++;
            }
            leftMs = ms - (System.nanoTime() - sinceNs) / NS_PER_MS;
        }
        return looks;
    }

    private long msUntilLook() {
        long sinceNs = System.nanoTime();
        boolean looked = false;
        while (!looked && System.nanoTime() - sinceNs < LONG_MS * NS_PER_MS) {
            wakeups.await(LONG_MS);
            looked = wakeups.takeLook();
        }
        assertTrue(looked, "no look");
        return (System.nanoTime() - sinceNs) / NS_PER_MS;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip link set d0 up",
                "ip link delete d0",
                "ip address add 192.0.2.1/24 dev d0",
                "ip -6 address add 2001:db8::1/64 dev d0",
                "ip route add unreachable 198.51.100.0/24",
                "ip -6 route add unreachable 2001:db8:1::/48",
                "ip rule add pref 7 lookup 7",
                "ip -6 rule add pref 7 lookup 7",
                "nft add table inet t",
            })
    void looksOnceAfterAChange(String change) {
        namespace.run("sh", "-c", change);

        long ms = msUntilLook();

        assertTrue(ms < 500, ms + " ms");
        // An interface that came up has more to tell for a while: its own addresses and routes.
        if (!change.endsWith(" up")) {
            assertEquals(0, looksFor(300), "another one");
        }
    }

    @Test
    void theBellEndsTheWaitingAndIsNoChange() throws Exception {
        Thread ringing = Thread.ofPlatform().start(wakeups::ring);
        long sinceNs = System.nanoTime();

        wakeups.await(LONG_MS);

        assertTrue(System.nanoTime() - sinceNs < LONG_MS * NS_PER_MS / 2, "it waited on");
        assertFalse(wakeups.takeLook());
        assertTrue(ringing.join(Duration.ofSeconds(1)));
    }

    @Test
    void eachRingEndsOneWaiting() {
        wakeups.ring();
        wakeups.ring();
        long sinceNs = System.nanoTime();

        wakeups.await(LONG_MS);
        wakeups.await(LONG_MS);

        long ms = (System.nanoTime() - sinceNs) / NS_PER_MS;
        assertTrue(ms < LONG_MS / 2, ms + " ms");
        sinceNs = System.nanoTime();
        wakeups.await(200);
        ms = (System.nanoTime() - sinceNs) / NS_PER_MS;
        assertTrue(ms >= 190, "a third one: " + ms + " ms");
    }

    /** Commits of a program that manages rules of its own, one process after the other. */
    @Test
    void aStormOfCommitsIsLookedAtAFewTimesAndOnceAfterItsEnd() throws Exception {
        StringBuilder commits = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            commits.append("add table inet t").append(i).append('\n');
        }
        Thread storm =
                Thread.ofPlatform()
                        .start(() ->
                                namespace.run(
                                        "sh",
                                        "-c",
                                        "printf '"
                                                + commits.toString().replace("\n", "\\n")
                                                + "' | while read -r line; do nft \"$line\"; done"));
        long sinceNs = System.nanoTime();
        int looks = 0;
        while (storm.isAlive()) {
            looks += looksFor(100);
        }
        long elapsedS = (System.nanoTime() - sinceNs) / (1000 * NS_PER_MS);

        assertTrue(looks >= 1, "none");
        assertTrue(
                looks <= LookSchedule.AT_ONCE + elapsedS / 2 + 1,
                looks + " looks in " + elapsedS + " s");
        assertTrue(looksFor(2500) <= 1, "after the end");
        assertEquals(0, looksFor(2500), "it has ended");
    }

    @Test
    void anOverflowLeadsToALook() throws Exception {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            batch.append("route add unreachable 10.")
                    .append(i / 256)
                    .append('.')
                    .append(i % 256)
                    .append(".0/24\\n");
        }
        namespace.run("sh", "-c", "printf '" + batch + "' | ip -batch -");

        assertTrue(msUntilLook() < 500);
        assertEquals(0, looksFor(300), "the overflow is over");
        namespace.run("ip", "link", "set", "d0", "mtu", "1400");
        assertTrue(msUntilLook() < 500, "it hears again");
    }

    @Test
    void looksOftenAtWhatIsNotAnnounced() throws Exception {
        try (Wakeups deaf =
                namespace.callInside(() ->
                        Wakeups.open(
                                List.of(
                                        Announcements::ofNetwork,
                                        () -> {
                                            throw new ErrnoException("bind", -Errno.EPERM);
                                        })))) {
            wakeups.close();
            wakeups = deaf;
            namespace.run("nft", "add", "table", "inet", "t");

            long ms = msUntilLook();

            assertTrue(ms > 1000 && ms < 2500, ms + " ms");
            assertEquals(2, looksFor(4500));
        }
    }
}

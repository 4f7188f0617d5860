package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Others in the namespace change what the sidecar has put into force. */
@Tag("netns")
@Tag("leaktest")
final class TamperingTest {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int STORM = 200;

    @AutoClose private final SidecarLab lab = new SidecarLab();

    /** When it has looked at what it has done itself to connect. */
    private RunningProcess connect(String... environment) throws Exception {
        RunningProcess process = lab.connect(environment);
        Thread.sleep(2000);
        return process;
    }

    private void assertSoon(String what, BooleanSupplier isSo) {
        NetworkNamespace.await(SOON, isSo, () -> what + " within " + SOON);
    }

    private boolean hasRules() {
        return lab.inside.exec("nft", "list", "tables").output().contains("table inet culvert");
    }

    private String routes() {
        return lab.inside.run("ip", "route", "show", "table", "51820")
                + lab.inside.run("ip", "-6", "route", "show", "table", "51820");
    }

    private String rules() {
        return lab.inside.run("ip", "rule") + lab.inside.run("ip", "-6", "rule");
    }

    @Test
    void rulesThatWereFlushedAreBackAtOnce() throws Exception {
        RunningProcess process = connect();

        for (int i = 0; i < 3; i++) {
            lab.inside.run("nft", "flush", "ruleset");
            assertSoon("the rules are back", this::hasRules);
        }

        assertTrue(process.output().contains("the rules of the kill switch were changed"));
        String frames = lab.inside.run("nft", "list", "table", "netdev", "culvert");
        assertTrue(frames.contains("hook egress"), frames);
        assertEquals(1, lab.inside.exec("ping", "-c", "1", "-W", "1", "2001:db8::2").exitCode());
        lab.assertReaches(SidecarLab.PEER);
    }

    /** Its own commits are announced as well: they lead to no further ones. */
    @Test
    void puttingThemBackIsOneCommitAndThenThereIsRest() throws Exception {
        connect();
        RunningProcess monitor = lab.inside.start("nft", "monitor");
        Thread.sleep(500);

        lab.inside.run("nft", "delete", "chain", "inet", "culvert", "input");
        assertSoon(
                "the chain is back",
                () ->
                        lab.inside
                                        .exec("nft", "list", "chain", "inet", "culvert", "input")
                                        .exitCode()
                                == 0);
        Thread.sleep(3000);

        assertEquals(2, monitor.output().split("# new generation", -1).length - 1);
    }

    @Test
    void oneRuleThatWasAddedIsTakenOut() throws Exception {
        connect();

        lab.inside.run("nft", "insert", "rule", "inet", "culvert", "output", "accept");

        assertSoon(
                "it is out",
                () ->
                        !lab.inside
                                .run("nft", "list", "chain", "inet", "culvert", "output")
                                .matches("(?s).*\n\\s*accept\n.*"));
    }

    @Test
    void routesAndRoutingRulesThatWereRemovedAreBackAtOnce() throws Exception {
        RunningProcess process = connect();
        String routes = routes();
        String rules = rules();
        assertTrue(routes.contains("default dev ") && rules.contains("51820"), routes + rules);

        lab.inside.run("ip", "rule", "delete", "pref", "32765");
        assertSoon("the rule is back", () -> rules().equals(rules));
        lab.inside.run("sh", "-c", "ip route flush table 51820; ip -6 route flush table 51820");
        assertSoon("the routes are back", () -> routes().equals(routes));

        lab.assertReaches(SidecarLab.PEER);
        String said = process.output();
        assertTrue(said.contains("and are back"), said);
        Thread.sleep(2500);
        assertEquals(said, process.output(), "and that is all");
    }

    @Test
    void routesComeBackWithTheLink() throws Exception {
        connect();
        String routes = routes();

        lab.inside.run("ip", "link", "set", lab.interfaceName, "down");
        NetworkNamespace.await(
                Dist.PATIENCE, () -> !routes().equals(routes), () -> "the routes are gone");
        lab.inside.run("ip", "link", "set", lab.interfaceName, "up");

        assertSoon("the routes are back", () -> routes().equals(routes));
        // REKEY_TIMEOUT: the next handshake is five seconds after the one before.
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> lab.reaches(SidecarLab.PEER),
                () -> "reaches the peer through the link that is up again");
    }

    @Test
    void anUplinkThatComesLaterIsUnderBothLayersAtOnce() throws Exception {
        connect();

        lab.inside.run("ip", "link", "add", "later", "type", "veth", "peer", "name", "later1");

        assertSoon(
                "the egress chain is on it",
                () ->
                        lab.inside
                                .run("nft", "list", "table", "netdev", "culvert")
                                .matches("(?s).*\\blater\\b.*"));
    }

    /** With a breath between commits: without one libnftables lists nothing. */
    @Test
    void whoeverChangesOtherRulesAllTheTimeDoesNotKeepItFromAnswering() throws Exception {
        connect();
        Thread storm =
                Thread.ofPlatform()
                        .start(() ->
                                lab.inside.run(
                                        "sh",
                                        "-c",
                                        "i=0; while [ $i -lt "
                                                + STORM
                                                + " ]; do nft add table inet t$i; i=$((i + 1));"
                                                + " sleep 0.05; done"));
        int answers = 0;
        while (storm.isAlive()) {
            long askedNs = System.nanoTime();
            String answer = lab.ask("status");
            long ms = (System.nanoTime() - askedNs) / 1_000_000;
            assertTrue(answer.contains("connected"), answer);
            assertTrue(ms < 5000, "answered after " + ms + " ms");
            answers++;
            Thread.sleep(100);
        }

        assertTrue(answers >= 3, answers + " answers");
        lab.inside.run("nft", "delete", "table", "inet", "culvert");
        NetworkNamespace.await(
                Duration.ofSeconds(3), this::hasRules, () -> "the rules after the storm");
    }
}

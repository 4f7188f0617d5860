package dev.culvert.killswitch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.leaktest.UplinkLab;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code culvert arm} and {@code culvert disarm}, from an installation without a Java runtime. */
@Tag("netns")
@Tag("leaktest")
class ArmingTest {
    private static final String[] NET_ADMIN_ONLY = {
        "setpriv",
        "--reuid=1000",
        "--regid=1000",
        "--clear-groups",
        "--inh-caps=+net_admin",
        "--ambient-caps=+net_admin",
        "--bounding-set=-all,+net_admin"
    };
    private static final String[] NO_CAPABILITIES = {
        "setpriv",
        "--reuid=1000",
        "--regid=1000",
        "--clear-groups",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--bounding-set=-all"
    };

    @TempDir private Path home;
    private UplinkLab lab;
    private NetworkNamespace inside;

    @BeforeEach
    void install() throws IOException {
        lab = new UplinkLab();
        inside = lab.inside();
        // Readable for uid 1000 too.
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("../bin/culvert"), home.resolve("bin/culvert"));
        Files.copy(Path.of("../bin/arming.sh"), lib.resolve("arming.sh"));
        try (Stream<Path> rulesets = Files.list(Path.of("src/main/nft"))) {
            for (Path ruleset : rulesets.toList()) {
                Files.copy(ruleset, lib.resolve(ruleset.getFileName()));
            }
        }
    }

    @AfterEach
    void uninstall() {
        lab.close();
    }

    @Test
    void threat2ArmsBeforeThereIsAJavaRuntime() throws Exception {
        assertEquals(new Execution(0, "armed: L2\n"), culvert("arm"));
        KillSwitchStatus status = inside.callInside(KillSwitch::status);
        assertEquals(Level.L2, status.level());
        assertEquals("armed", status.state());
        assertEquals(1, inside.exec("ping", "-c1", "-W1", UplinkLab.OUTSIDE_V4).exitCode());
        assertEquals(0, inside.exec("ping", "-c1", "-W1", "127.0.0.1").exitCode());
    }

    @Test
    void armsHoweverManyUplinksThereAre() {
        inside.run("ip", "link", "del", "wg0");
        assertEquals("armed: L2\n", culvert("arm").output());
        assertTrue(inside.run("nft", "list", "table", "netdev", "culvert").contains("veth0"));
        culvert("disarm");
        inside.run("ip", "link", "del", "veth0");
        assertEquals("armed: L1, raw sockets are not held back\n", culvert("arm").output());
    }

    /** The best of several: what else the machine does is not to be measured. */
    @Test
    void threat2ArmsWithin50Ms() {
        long bestNs = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            culvert("disarm");
            long startNs = System.nanoTime();
            assertEquals(0, culvert("arm").exitCode());
            bestNs = Math.min(bestNs, System.nanoTime() - startNs);
        }
        long bestMs = bestNs / 1_000_000;
        assertTrue(bestMs < 50, () -> bestMs + " ms");
    }

    @Test
    void threat16LeavesTheRulesOfALivingTunnelAlone() throws Exception {
        KillSwitch killSwitch = new KillSwitch(Strictness.STRICT);
        inside.callInside(() -> killSwitch.apply(lab.policies(Policies.MANY).connected()));
        String before = inside.run("nft", "--stateless", "list", "ruleset");
        assertEquals(new Execution(0, "already armed\n"), culvert("arm"));
        assertEquals(before, inside.run("nft", "--stateless", "list", "ruleset"));
    }

    @Test
    void threat16ClosesWhatOnlyLooksArmed() throws Exception {
        inside.run("nft", "add table inet culvert");
        assertEquals("armed: L2\n", culvert("arm").output());
        inside.run("nft", "chain inet culvert output { policy accept ; }");
        assertEquals("armed: L2\n", culvert("arm").output());
        assertEquals(Level.L2, inside.callInside(KillSwitch::status).level());
    }

    @Test
    void disarmOpensAndMayBeCalledTwice() {
        culvert("arm");
        assertTrue(culvert("disarm").output().startsWith("disarmed: everything may leave"));
        assertEquals(0, culvert("disarm").exitCode());
        assertEquals("", inside.run("nft", "list", "ruleset"));
        assertEquals(0, inside.exec("ping", "-c1", "-W1", UplinkLab.OUTSIDE_V4).exitCode());
    }

    @Test
    void needsCapNetAdminAndNothingElse() {
        assertEquals("armed: L2\n", culvert(List.of(NET_ADMIN_ONLY), "arm").output());
        assertEquals(0, culvert(List.of(NET_ADMIN_ONLY), "disarm").exitCode());

        Execution refused = culvert(List.of(NO_CAPABILITIES), "arm");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.output().contains("nothing is armed: it takes CAP_NET_ADMIN"));
        culvert("arm");
        refused = culvert(List.of(NO_CAPABILITIES), "disarm");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.output().contains("the rules are still there"));
    }

    @Test
    void saysThatNftIsMissing() throws IOException {
        Path tools = Files.createDirectory(home.resolve("tools"));
        Path readlink = tools.resolve("readlink");
        Files.writeString(readlink, "#!/bin/sh\nexec /bin/readlink \"$@\"\n");
        Files.setPosixFilePermissions(readlink, PosixFilePermissions.fromString("rwxr-xr-x"));
        Execution execution = culvert(List.of("env", "PATH=" + tools), "arm");
        assertEquals(1, execution.exitCode());
        assertTrue(execution.output().contains("nft is not installed"), execution::output);
    }

    @Test
    void offArmsNothing() {
        Execution execution = culvert(List.of("env", "KILLSWITCH=off"), "arm");
        assertEquals(0, execution.exitCode());
        assertEquals("", inside.run("nft", "list", "ruleset"));
    }

    /** In its own mount namespace, with the mark of the host's network namespace laid over. */
    @Test
    void threat19RefusesInTheNamespaceOfTheHost() throws IOException {
        Path core = Files.createDirectory(home.resolve("core"));
        Files.createFile(core.resolve("netdev_budget"));
        String overlay = "mount --bind " + core + " /proc/sys/net/core && exec \"$@\"";
        List<String> asOnTheHost = List.of("unshare", "--mount", "sh", "-c", overlay, "sh");

        Execution refused = culvert(asOnTheHost, "arm");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.output().contains("CULVERT_ALLOW_HOST_NETNS=1 allows it"));
        assertEquals("", inside.run("nft", "list", "ruleset"));

        List<String> allowed = new ArrayList<>(List.of("env", "CULVERT_ALLOW_HOST_NETNS=1"));
        allowed.addAll(asOnTheHost);
        assertEquals("armed: L2\n", culvert(allowed, "arm").output());
    }

    private Execution culvert(String command) {
        return culvert(List.of(), command);
    }

    private Execution culvert(List<String> prefix, String command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.add(home.resolve("bin/culvert").toString());
        whole.add(command);
        return inside.exec(whole.toArray(String[]::new));
    }
}

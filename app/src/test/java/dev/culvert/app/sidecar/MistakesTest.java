package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.RunningProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users of other images get wrong: one line that says what it is, status 1, and a namespace
 * that stays closed.
 */
@Tag("netns")
final class MistakesTest {
    private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    /** The machine's own configurations are no part of this. */
    private static final String HIDE =
            "for d in /config /etc/wireguard; do [ ! -d $d ] || mount -t tmpfs none $d; done; ";

    /** Puts another user in front of the command, who has the one capability that it takes. */
    private static final String ANYBODY =
            "set -- setpriv --reuid 1000 --regid 1000 --clear-groups --bounding-set=-all,+net_admin"
                    + " --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin \"$@\"";

    /** As in a container that has dropped all but NET_ADMIN. */
    private static final String ROOT_OF_ITS_OWN_FILES =
            "set -- setpriv --bounding-set=-all,+net_admin --inh-caps=-all,+net_admin \"$@\"";

    private static final String NO_NET_ADMIN =
            "set -- setpriv --bounding-set=-net_admin --inh-caps=-net_admin \"$@\"";

    @AutoClose private static SidecarLab lab;

    @BeforeAll
    static void setUp() throws Exception {
        lab = new SidecarLab();
    }

    @AfterEach
    void open() {
        lab.inside.sysctl("net.ipv6.conf.default.disable_ipv6", "0");
        lab.disarm();
    }

    /**
     * One mistake.
     *
     * @param config of the file; empty: there is none, the environment is all
     * @param shell runs before the program, in a mount namespace of its own
     * @param said what the line has to say
     */
    record Mistake(String config, List<String> environment, String shell, String said) {
        static Mistake inFile(String from, String to, String said) {
            String config = lab.config();
            assertTrue(config.contains(from), from);
            return new Mistake(config.replace(from, to), List.of(), "true", said);
        }

        static Mistake inVariable(String variable, String said) {
            return new Mistake(lab.config(), List.of(variable), "true", said);
        }

        static Mistake ofEnvironment(String said, String... variables) {
            return new Mistake("", List.of(variables), "true", said);
        }

        /** Two tunnels that are right, and further variables, which may replace theirs. */
        static Mistake ofTwo(String said, String... variables) {
            List<String> all =
                    new ArrayList<>(
                            List.of(
                                    "WG1_PRIVATE_KEY=" + lab.privateKey,
                                    "WG1_ADDRESS=10.9.0.2/32",
                                    "WG1_PORT=7001",
                                    "WG1_PEERS=PublicKey=" + lab.peerPublicKey,
                                    "WG2_PRIVATE_KEY=" + lab.privateKey,
                                    "WG2_ADDRESS=10.10.0.2/32",
                                    "WG2_PORT=7002",
                                    "WG2_PEERS=PublicKey=" + KEY));
            all.addAll(List.of(variables));
            return new Mistake("", all, "true", said);
        }

        @Override
        public String toString() {
            return said;
        }
    }

    static Stream<Mistake> mistakes() {
        String endpoint = SidecarLab.GATEWAY + ":" + SidecarLab.PORT;
        return Stream.of(
                Mistake.inFile(
                        "PrivateKey = ", "PrivateKey = x", ":2: PrivateKey: is 45 character"),
                Mistake.inFile(lab.privateKey, "REDACTED", ":2: PrivateKey: is 8 characters"),
                Mistake.inFile(lab.peerPublicKey, "<server key>", ":5: PublicKey: is not a key"),
                Mistake.inFile("10.9.0.2/32", "10.9.0.2/33", ":3: Address: \"33\" is no prefix"),
                Mistake.inFile("Address = 10.9.0.2/32", "", "Address: is missing in [Interface]"),
                Mistake.inFile("0.0.0.0/0", "all", ":6: AllowedIPs: \"all\" is not an address"),
                Mistake.inFile(endpoint, SidecarLab.GATEWAY, ":7: Endpoint: \"192.0.2.2\" has no"),
                Mistake.inFile(endpoint, "https://" + endpoint, ":7: Endpoint: \"https://192.0.2"),
                Mistake.inFile("Endpoint", "Endpiont", ":7: \"Endpiont\" is not a key; did you"),
                Mistake.inFile(endpoint, "vpn.invalid:51820", "vpn.invalid"),
                Mistake.inFile(
                        "[Peer]", "Table = tunnel\n[Peer]", ":4: Table: \"tunnel\" is no table"),
                Mistake.inVariable("KILLSWITCH=on", "KILLSWITCH: \"on\""),
                Mistake.inVariable("NETWORK=0.0.0.0/0", "NETWORK: 0.0.0.0/0 is too large"),
                Mistake.inVariable("NET_LOCAL=192.168.1.0/34", "NET_LOCAL: "),
                Mistake.inVariable("FIREWALL_INPUT_PORTS=http", "FIREWALL_INPUT_PORTS: \"http\""),
                Mistake.inVariable("DNS_LOCAL=router", "DNS_LOCAL: \"router\" is not an address"),
                Mistake.inVariable("CULVERT_IO=fast", "CULVERT_IO"),
                Mistake.inVariable("METRICS_ADDR=everywhere", "METRICS_ADDR"),
                Mistake.inVariable("NAT_RULES=masquerade all", "NAT_RULES"),
                Mistake.inVariable("LOG_LEVEL=loud", "LOG_LEVEL: \"loud\" is not one of verbose"),
                Mistake.inVariable(
                        "LOG_FORMAT=xml", "LOG_FORMAT: \"xml\" is not one of text, json"),
                Mistake.inVariable(
                        "ALLOW_HOOKS=all", "ALLOW_HOOKS: \"all\" is not one of false, true"),
                Mistake.inVariable(
                        "CULVERT_ALLOW_HOST_NETNS=maybe", "CULVERT_ALLOW_HOST_NETNS: \"maybe\" is"),
                Mistake.inVariable(
                        "NETWORK_DIAGNOSTIC_ENABLED=2", "NETWORK_DIAGNOSTIC_ENABLED: \"2\" is not"),
                Mistake.inVariable(
                        "DIAGNOSTIC_URL=icanhazip.com",
                        "DIAGNOSTIC_URL: \"icanhazip.com\" is no URL"),
                Mistake.inVariable("PEERS=3", "and PEERS, SERVERURL or WG_CLIENT_PUBKEY are both"),
                Mistake.ofEnvironment(
                        "PEERS: \"../x\" is no name of a client",
                        "SERVERURL=a.example",
                        "PEERS=../x"),
                Mistake.ofEnvironment(
                        "LOG_CONFS: \"please\" is not one of false, true",
                        "PEERS=2",
                        "LOG_CONFS=please"),
                Mistake.ofEnvironment(
                        "CULVERT_STATE_DIR: /nowhere is no folder",
                        "PEERS=2",
                        "CULVERT_STATE_DIR=/nowhere"),
                Mistake.ofEnvironment(
                        "WIREGUARD_ENDPOINT_PORT: is not set",
                        "WIREGUARD_PRIVATE_KEY=" + lab.privateKey,
                        "WIREGUARD_PUBLIC_KEY=" + KEY,
                        "WIREGUARD_ADDRESSES=10.9.0.2/32",
                        "WIREGUARD_ENDPOINT_IP=192.0.2.2"),
                Mistake.ofEnvironment(
                        "WIREGUARD_PRIVATE_KEY_FILE: /nowhere/key cannot be read: there is no such file",
                        "WIREGUARD_PRIVATE_KEY_FILE=/nowhere/key",
                        "WIREGUARD_PUBLIC_KEY=" + KEY,
                        "WIREGUARD_ADDRESSES=10.9.0.2/32",
                        "WIREGUARD_ENDPOINT_IP=192.0.2.2",
                        "WIREGUARD_ENDPOINT_PORT=51820"),
                Mistake.ofTwo("WG2_PORT: 7001 is that of WG1_PORT, too", "WG2_PORT=7001"),
                Mistake.ofTwo(
                        "WG2_ADDRESS: 10.9.0.7/24 overlaps 10.9.0.2/32 of WG1_ADDRESS",
                        "WG2_ADDRESS=10.9.0.7/24"),
                Mistake.ofTwo(
                        "WG2_PEERS, peer 1: PublicKey: "
                                + lab.peerPublicKey
                                + " is that of a peer in WG1_PEERS, peer 1, too",
                        "WG2_PEERS=PublicKey=" + lab.peerPublicKey),
                Mistake.ofTwo(
                        "FORWARD_FROM: clients in 10.10.0.0/24 would have 10.10.0.2/32 among them",
                        "FORWARD_FROM=10.10.0.0/24"),
                Mistake.ofTwo(
                        "NAT_RULES: character 13: \"wg9\": there is no such tunnel, there are wg1,"
                                + " wg2",
                        "NAT_RULES=dnat tcp in wg9 :80 to 10.9.0.3:80"),
                Mistake.ofTwo(
                        "NAT_RULES: character 33: \"eth9\": there is no such interface",
                        "NAT_RULES=masquerade from 10.9.0.0/24 out eth9"),
                Mistake.ofTwo(
                        "ROUTE_RULES: character 17: \"wg9\": there is no such tunnel, there are"
                                + " wg1, wg2",
                        "ROUTE_RULES=10.9.0.0/24 via wg9"),
                Mistake.ofTwo("WG1_... or its like: and PEERS, SERVERURL or WG_", "PEERS=2"),
                new Mistake(
                        lab.config(),
                        List.of(),
                        "mount -t tmpfs none /dev/net",
                        "/dev/net/tun is missing"),
                new Mistake(
                        lab.config().replace("10.9.0.2/32", "fd09::2/128"),
                        List.of(),
                        "sysctl -qw net.ipv6.conf.default.disable_ipv6=1",
                        "Address: has IPv6 alone, and IPv6 is switched off"),
                new Mistake(
                        lab.config(),
                        List.of(),
                        "mount -t tmpfs -o mode=1777 none /run && chmod 000 "
                                + lab.path()
                                + "; "
                                + ANYBODY,
                        "cannot be read: permission denied"),
                new Mistake(
                        lab.config(),
                        List.of(),
                        "chown 1000 " + lab.path() + "; " + ROOT_OF_ITS_OWN_FILES,
                        "cannot be read: permission denied: it belongs to user 1000, and this is"
                                + " user 0 without CAP_DAC_OVERRIDE; chown 0 it, or add the"
                                + " capability"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isSaidInOneLineAndLeavesTheNamespaceClosed(Mistake mistake) throws Exception {
        lab.assertReaches(SidecarLab.GATEWAY, "open before");
        Execution refused = lab.inside.exec(command(mistake, "unshare", "-m"));

        assertOneLine(mistake, refused);
        assertFalse(lab.reaches(SidecarLab.GATEWAY), "closed");
    }

    private static String[] command(Mistake mistake, String... unshare) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(mistake.environment());
        command.addAll(List.of(unshare));
        command.addAll(
                List.of(
                        "sh",
                        "-c",
                        HIDE + mistake.shell() + "; exec \"$@\"",
                        "sh",
                        Dist.launcher().toString(),
                        "run"));
        if (!mistake.config().isEmpty()) {
            command.add(lab.write(mistake.config()).toString());
        }
        return command.toArray(String[]::new);
    }

    private static void assertOneLine(Mistake mistake, Execution refused) {
        assertEquals(1, refused.exitCode(), refused.output());
        assertEquals(1, complaints(refused.output()).size(), refused.output());
        assertTrue(
                complaints(refused.output()).getFirst().contains(mistake.said()), refused.output());
        assertFalse(refused.output().contains(lab.privateKey), "no key is shown");
    }

    private static List<String> complaints(String output) {
        return output.lines().filter(line -> !line.matches("(INFO|DEBUG): .*")).toList();
    }

    /** Nothing can be closed then. The end of process 1 takes the network of the container away. */
    @Test
    void withoutNetAdminItEndsAsProcessOneToo() {
        Mistake mistake = new Mistake(lab.config(), List.of(), NO_NET_ADMIN, "--cap-add NET_ADMIN");

        assertOneLine(mistake, lab.inside.exec(command(mistake, "unshare", "-m")));
        assertOneLine(
                mistake,
                lab.inside.exec(
                        command(
                                mistake,
                                "unshare",
                                "-m",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "--mount-proc")));
    }

    /** The tunnel works without it; who cannot resolve names reads why. */
    @Test
    void aReadOnlyResolvConfIsSaidInOneLine() {
        Mistake mistake =
                new Mistake(
                        lab.config().replace("[Peer]", "DNS = 10.9.0.1\n[Peer]"),
                        List.of(),
                        "mount --bind /etc/resolv.conf /etc/resolv.conf"
                                + " && mount -o remount,bind,ro /etc/resolv.conf",
                        "resolv.conf cannot be written: name the server 10.9.0.1");
        RunningProcess process = lab.inside.start(command(mistake, "unshare", "-m"));
        lab.awaitConnected(process);

        assertTrue(lab.reaches(SidecarLab.PEER));
        assertEquals(1, complaints(process.output()).size(), process.output());
        assertTrue(process.output().contains(mistake.said()), process.output());
        lab.terminate(process);
    }
}

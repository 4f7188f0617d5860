package dev.culvert.app.process;

import static dev.culvert.app.process.Dist.PATIENCE;
import static dev.culvert.app.process.Dist.accepts;
import static dev.culvert.app.process.Dist.daemon;
import static dev.culvert.app.process.Dist.hasLink;
import static dev.culvert.app.process.Dist.interfaceName;
import static dev.culvert.app.process.Dist.launcher;
import static dev.culvert.app.process.Dist.refusal;
import static dev.culvert.app.process.Dist.socket;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** WG_TUN_FD and WG_UAPI_FD: a parent opens device and socket, culvert takes them over. */
@Tag("netns")
final class InheritedDescriptorsTest {
    /** Opens a TUN (name) and a listening socket (path), and becomes the command that follows. */
    private static final String PARENT =
            """
            use Socket; $^F = 100;
            my ($name, $path) = (shift, shift);
            open(my $tun, '+<', '/dev/net/tun') or die "tun: $!";
            my $request = pack('a16 S x22', $name, 0x1001); # IFF_TUN | IFF_NO_PI
            ioctl($tun, 0x400454ca, $request) or die "TUNSETIFF: $!";
            socket(my $uapi, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
            bind($uapi, pack_sockaddr_un($path)) or die "bind: $!";
            listen($uapi, 8) or die "listen: $!";
            $ENV{WG_TUN_FD} = fileno($tun);
            $ENV{WG_UAPI_FD} = fileno($uapi);
            exec(@ARGV) or die "exec: $!";
            """;

    private final String wg = interfaceName();
    private final NetworkNamespace namespace = NetworkNamespace.create("app");

    @AfterEach
    void close() {
        Dist.close(namespace, wg);
    }

    @Test
    void areTakenOverInTheForeground() {
        namespace.run("mkdir", "-p", "/var/run/wireguard");
        RunningProcess running =
                namespace.start(
                        "perl",
                        "-e",
                        PARENT,
                        wg,
                        socket(wg).toString(),
                        launcher().toString(),
                        "-f",
                        wg);
        NetworkNamespace.await(PATIENCE, () -> accepts(wg), () -> "no socket: " + running.output());
        String shown = namespace.run("wg", "show", wg); // waits in the backlog until it is served
        assertTrue(shown.startsWith("interface: " + wg), shown);
        namespace.run("ip", "link", "set", wg, "up");
        NetworkNamespace.await(
                PATIENCE,
                () -> !namespace.run("wg", "show", wg, "listen-port").strip().equals("0"),
                () -> "no port bound: " + running.output());
        namespace.run("ip", "link", "delete", "dev", wg);
        assertEquals(new Execution(0, ""), running.await(PATIENCE));
    }

    @Test
    void areTakenOverByADaemon() {
        namespace.run("mkdir", "-p", "/var/run/wireguard");
        namespace.run("perl", "-e", PARENT, wg, socket(wg).toString(), launcher().toString(), wg);
        assertTrue(accepts(wg));
        assertTrue(hasLink(namespace, wg));
        ProcessHandle daemon = daemon(namespace, wg);
        daemon.destroy();
        Dist.awaitEnd(namespace, wg, daemon);
    }

    @Test
    void areRefusedInOneLineWhenTheyAreSomethingElse() {
        for (String setting : List.of("WG_TUN_FD=0", "WG_UAPI_FD=0", "WG_TUN_FD=77")) {
            RunningProcess started =
                    namespace.start(List.of(setting), launcher().toString(), "-f", wg);
            String refusal = refusal(started.await(PATIENCE));
            assertTrue(refusal.startsWith("culvert: "), refusal);
        }
    }
}

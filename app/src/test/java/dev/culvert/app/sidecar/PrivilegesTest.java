package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the sidecar needs, and where it refuses to run. */
@Tag("netns")
@Tag("leaktest")
final class PrivilegesTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    @Test
    void runsAsAnybodyWithOneCapabilityOnAReadOnlyRoot() throws Exception {
        Path config = lab.write(lab.config());
        Files.setPosixFilePermissions(lab.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("r--r--r--"));
        // As a container engine makes the device; the machine's own may be root's alone.
        String run =
                "mount -t tmpfs -o mode=755 tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200"
                        + " && mount -o remount,bind,ro / && exec setpriv --reuid 1000 --regid 1000"
                        + " --clear-groups --bounding-set=-all,+net_admin --inh-caps=-all,+net_admin"
                        + " --ambient-caps=-all,+net_admin \"$@\"";
        RunningProcess process = lab.startMounted(List.of(), run, config);
        lab.awaitConnected(process);

        Capture strays = lab.strays("");
        lab.assertReaches(SidecarLab.PEER);
        String pid = Long.toString(process.process().pid());
        String status = Files.readString(Path.of("/proc", pid, "status"));
        assertTrue(status.contains("Uid:\t1000\t1000"), status);
        assertTrue(status.contains("CapEff:\t0000000000001000"), status);
        SidecarLab.kill(process);
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertEquals(List.of(), strays.frames());
        lab.disarm();
    }

    @Test
    void wrongSettingsLeaveItClosedAndAreAllNamed() throws Exception {
        RunningProcess process =
                lab.inside.start(
                        List.of("NETWORK=0.0.0.0/0", "FIREWALL_INPUT_PORTS=web"),
                        Dist.launcher().toString(),
                        "run",
                        lab.write(lab.config()).toString());

        Execution ended = process.await(Dist.PATIENCE);

        assertEquals(1, ended.exitCode());
        assertTrue(ended.output().contains("NETWORK: 0.0.0.0/0 is too large"), ended.output());
        assertTrue(ended.output().contains("FIREWALL_INPUT_PORTS: \"web\""), ended.output());
        Capture strays = lab.strays("");
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertEquals(List.of(), strays.frames());
    }

    @Test
    void takesATunnelFromTheEnvironment() {
        RunningProcess process =
                lab.inside.start(
                        List.of(
                                "WIREGUARD_PRIVATE_KEY=" + lab.privateKey,
                                "WIREGUARD_ADDRESSES=10.9.0.2/32",
                                "WIREGUARD_PUBLIC_KEY=" + lab.peerPublicKey,
                                "WIREGUARD_ENDPOINT_IP=" + SidecarLab.GATEWAY,
                                "WIREGUARD_ENDPOINT_PORT=" + SidecarLab.PORT,
                                "WIREGUARD_INTERFACE=" + lab.interfaceName),
                        Dist.launcher().toString(),
                        "run");
        lab.awaitConnected(process);

        lab.assertReaches(SidecarLab.PEER);
    }

    @Test
    void asksTheShellForHooksThatAreAllowed() throws Exception {
        Path mark = lab.folder.resolve("mark");
        Path config =
                lab.write(
                        lab.config().replace("[Peer]", "PostUp = echo %i > " + mark + "\n[Peer]"));

        lab.awaitConnected(lab.start(config, "ALLOW_HOOKS=1"));

        assertEquals(lab.interfaceName, Files.readString(mark).strip());
    }

    @Test
    void withoutNetfilterItRefusesAndTheRoutesLeadNowhere() {
        String withoutNft =
                "for file in $(ls /usr/lib/*/libnftables.so.1 /lib/*/libnftables.so.1 2>/dev/null)"
                        + " $(readlink -f $(command -v nft)); do mount --bind /dev/null $file; done;"
                        + " exec \"$@\"";
        Execution ended =
                lab.startMounted(List.of(), withoutNft, lab.write(lab.config()))
                        .await(Dist.PATIENCE);

        assertEquals(1, ended.exitCode());
        assertTrue(ended.output().contains("KILLSWITCH=strict"), ended.output());
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertFalse(lab.reaches("2001:db8::2"));
        lab.disarm();
        lab.assertReaches(SidecarLab.GATEWAY);
    }

    @Test
    void doesWithoutIpv6WhereItIsSwitchedOff() {
        for (String which : List.of("all", "default")) {
            lab.inside.sysctl("net.ipv6.conf." + which + ".disable_ipv6", "1");
        }
        RunningProcess process =
                lab.start(
                        lab.write(
                                lab.config()
                                        .replace("10.9.0.2/32", "10.9.0.2/32, fd09::2/128")
                                        .replace("0.0.0.0/0", "0.0.0.0/0, ::/0")));
        lab.awaitConnected(process);

        lab.assertReaches(SidecarLab.PEER);
        assertTrue(process.output().contains("IPv6 is switched off"), process.output());
    }

    @Test
    void withTheKillSwitchOffOnlyTheRoutesLead() {
        RunningProcess process = lab.connect("KILLSWITCH=off");

        lab.assertReaches(SidecarLab.PEER);
        lab.assertReaches("2001:db8::2", "the other family is left alone");
        assertEquals("", lab.inside.run("nft", "list", "ruleset").strip());
        lab.terminate(process);
    }
}

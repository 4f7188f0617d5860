package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Two network namespaces: {@code inside}, where the sidecar runs, and {@code outside}, its gateway
 * with the peer behind it.
 *
 * <pre>
 * inside  uplink 192.0.2.1/24, tunnel 10.9.0.2  --- veth ---  outside 192.0.2.2/24 (gateway), tunnel 10.9.0.1
 * </pre>
 */
final class SidecarLab implements AutoCloseable {
    static final String UPLINK = "192.0.2.1";
    static final String GATEWAY = "192.0.2.2";
    static final String TUNNEL = "10.9.0.2";
    static final String PEER = "10.9.0.1";
    static final int PORT = 51820;

    final NetworkNamespace inside = NetworkNamespace.create("sidecar");
    final NetworkNamespace outside = NetworkNamespace.create("sidecar");
    final String interfaceName = Dist.interfaceName();
    final String privateKey;
    final String peerPublicKey;
    final String outsideInterface = Dist.interfaceName();

    /** For the files of a test; goes with the lab. */
    final Path folder = createFolder();

    private final Path peerKeyFile;
    private final Veth veth;

    SidecarLab() {
        veth = Veth.connect(inside, UPLINK + "/24", outside, GATEWAY + "/24");
        veth.addAddresses("2001:db8::1/64", "2001:db8::2/64");
        inside.run("ip", "route", "add", "default", "via", GATEWAY);
        inside.run("ip", "-6", "route", "add", "default", "via", "2001:db8::2");
        privateKey = outside.run("wg", "genkey").strip();
        String peerPrivateKey = outside.run("wg", "genkey").strip();
        peerPublicKey = publicKey(peerPrivateKey);
        peerKeyFile = file("peer.key", peerPrivateKey);
        startPeer();
        writeResolvConf();
    }

    private static Path createFolder() {
        try {
            return Files.createTempDirectory("sidecar");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** What ip netns exec mounts over /etc/resolv.conf. */
    private void writeResolvConf() {
        try {
            Files.createDirectories(netns());
            Files.writeString(resolvConf(), "nameserver " + GATEWAY + "\noptions ndots:1\n");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The peer outside, anew. */
    void startPeer() {
        outside.run(Dist.launcher().toString(), outsideInterface);
        outside.run(
                "wg",
                "set",
                outsideInterface,
                "listen-port",
                Integer.toString(PORT),
                "private-key",
                peerKeyFile.toString(),
                "peer",
                publicKey(privateKey),
                "allowed-ips",
                TUNNEL + "/32");
        outside.run("ip", "address", "add", PEER + "/24", "dev", outsideInterface);
        outside.run("ip", "link", "set", outsideInterface, "up");
    }

    /** Lets the peer outside take further networks from the sidecar, and send to them. */
    void allow(String networks) {
        outside.run(
                "wg",
                "set",
                outsideInterface,
                "peer",
                publicKey(privateKey),
                "allowed-ips",
                TUNNEL + "/32," + networks);
    }

    /** A network behind the sidecar: the peer outside knows the way. */
    void routeFromOutside(String network) {
        allow(network);
        outside.run("ip", "route", "add", network, "dev", outsideInterface);
    }

    /** It is gone, with its address and its routes. */
    void stopPeer() {
        outside.run("ip", "link", "delete", outsideInterface);
    }

    String publicKey(String key) {
        return outside.run("sh", "-c", "echo " + key + " | wg pubkey").strip();
    }

    /** The uplink's far end, where all that leaves can be seen. */
    String outsideLink() {
        return veth.rightLink();
    }

    /**
     * Whatever leaves by the uplink from now on but encrypted packets to the peer, questions and
     * answers about neighbours, and the kernel's questions for routers, four seconds apart.
     *
     * @param allowed further frames, as a filter of tcpdump; empty: none
     */
    Capture strays(String allowed) {
        String address =
                inside.run("ip", "-o", "link", "show", "dev", veth.leftLink())
                        .replaceAll("(?s).*link/ether ([0-9a-f:]+) .*", "$1");
        return new Capture(
                outside,
                veth.rightLink(),
                folder.resolve("strays"),
                "ether src "
                        + address
                        + " and not arp and not (icmp6 and (ip6[40] == 133 or ip6[40] == 135"
                        + " or ip6[40] == 136))"
                        + " and not (udp and dst host "
                        + GATEWAY
                        + " and dst port "
                        + PORT
                        + ")"
                        + (allowed.isEmpty() ? "" : " and not (" + allowed + ")"));
    }

    Path resolvConf() {
        return netns().resolve("resolv.conf");
    }

    private Path netns() {
        return Path.of("/etc/netns", inside.name());
    }

    /** For its owner alone. */
    Path file(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.writeString(file, text);
            return Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** A tunnel that takes all IPv4 traffic. */
    String config() {
        return """
        [Interface]
        PrivateKey = %s
        Address = %s/32
        [Peer]
        PublicKey = %s
        AllowedIPs = 0.0.0.0/0
        Endpoint = %s:%d
        """
                .formatted(privateKey, TUNNEL, peerPublicKey, GATEWAY, PORT);
    }

    /** Where {@link #write} puts it. */
    Path path() {
        return folder.resolve(interfaceName + ".conf");
    }

    /** As {@code <interface>.conf}. */
    Path write(String text) {
        return file(path().getFileName().toString(), text);
    }

    /** {@code culvert run} with this configuration, in the background. */
    RunningProcess start(Path config, String... environment) {
        return inside.start(
                List.of(environment), Dist.launcher().toString(), "run", config.toString());
    }

    /**
     * {@code culvert run} in a mount namespace of its own, in the background.
     *
     * @param shell runs before it, and runs it as {@code "$@"}
     * @param configs arguments of it
     */
    RunningProcess startMounted(List<String> environment, String shell, Path... configs) {
        List<String> command =
                new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", shell, "sh"));
        command.addAll(List.of(Dist.launcher().toString(), "run"));
        Arrays.stream(configs).map(Path::toString).forEach(command::add);
        return inside.start(environment, command.toArray(String[]::new));
    }

    /** Starts it and waits until it is connected. */
    RunningProcess connect(String... environment) {
        RunningProcess process = start(write(config()), environment);
        awaitConnected(process);
        return process;
    }

    void awaitConnected(RunningProcess process) {
        process.awaitOutput(" connected", Dist.PATIENCE);
    }

    Execution culvert(String... words) {
        List<String> command = new ArrayList<>(List.of(Dist.launcher().toString()));
        command.addAll(List.of(words));
        return inside.exec(command.toArray(String[]::new));
    }

    /** What the process answers on its control socket: sooner than by another culvert. */
    String ask(String request) throws Exception {
        Surroundings here = new Surroundings(Path.of("/"), Map.of(), List.of());
        return inside.callInside(() ->
                ControlClient.ask(here, request).map(ControlClient.Answer::text).orElse("nobody"));
    }

    /** For what must not be reached: one ping, and a second for the answer. */
    boolean reaches(String address) {
        return inside.exec("ping", "-c", "1", "-W", "1", address).exitCode() == 0;
    }

    /** One ping that must be answered; it may wait for a handshake. */
    void assertReaches(String address) {
        assertReaches(address, address);
    }

    void assertReaches(String address, String message) {
        Execution ping = inside.exec("ping", "-c", "1", "-W", "5", address);
        assertEquals(0, ping.exitCode(), () -> message + ": " + ping.output());
    }

    void disarm() {
        Execution disarmed = culvert("disarm");
        assertEquals(0, disarmed.exitCode(), disarmed.output());
    }

    static void kill(RunningProcess process) throws InterruptedException {
        process.process().destroyForcibly();
        process.process().waitFor();
    }

    Execution terminate(RunningProcess process) {
        process.process().destroy();
        return process.await(Duration.ofSeconds(15));
    }

    @Override
    public void close() {
        inside.close();
        outside.close();
        Dist.socket(interfaceName).toFile().delete();
        Dist.socket(outsideInterface).toFile().delete();
        resolvConf().toFile().delete();
        netns().toFile().delete();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}

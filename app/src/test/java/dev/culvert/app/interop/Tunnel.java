package dev.culvert.app.interop;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One end of a tunnel: a running program, its keys, and its TUN device.
 *
 * <p>The program starts and keeps its UDP sockets <em>outside</em>; the TUN device is moved
 * <em>inside</em> when that is another namespace.
 */
final class Tunnel implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final NetworkNamespace outside;
    final String link;
    final Keys keys;
    private final RunningProcess process;
    private NetworkNamespace inside;

    private Tunnel(NetworkNamespace outside, String link, RunningProcess process) {
        this.outside = outside;
        this.inside = outside;
        this.link = link;
        this.process = process;
        this.keys = Keys.generate(outside);
    }

    /** Started and listening for {@code wg}; the device is down and has no configuration yet. */
    static Tunnel start(Program program, NetworkNamespace outside) {
        // One name each: the UAPI sockets of all namespaces share one folder.
        String link = "w" + ProcessHandle.current().pid() + "n" + NUMBER.incrementAndGet();
        List<String> environment = new ArrayList<>(program.environment());
        environment.add("LOG_LEVEL=verbose");
        RunningProcess process = outside.start(environment, program.path(), "--foreground", link);
        Tunnel tunnel = new Tunnel(outside, link, process);
        NetworkNamespace.await(
                START_TIMEOUT,
                () -> Files.exists(tunnel.socket()) || !process.process().isAlive(),
                () -> program + " did not open its socket: " + process.output());
        tunnel.assertRunning();
        return tunnel;
    }

    Path socket() {
        return Path.of("/var/run/wireguard", link + ".sock");
    }

    RunningProcess process() {
        return process;
    }

    NetworkNamespace inside() {
        return inside;
    }

    /** Moves the TUN device, as {@code ip link set ... netns} does; addresses are lost by that. */
    Tunnel moveTo(NetworkNamespace namespace) {
        inside.run("ip", "link", "set", link, "netns", namespace.name());
        inside = namespace;
        return this;
    }

    /** Adds addresses of the tunnel, as {@code "192.168.241.1/24"} or {@code "fd00::1/112"}. */
    Tunnel addresses(String... addresses) {
        for (String address : addresses) {
            inside.addAddress(link, address);
        }
        return this;
    }

    Tunnel up() {
        inside.run("ip", "link", "set", link, "up");
        return this;
    }

    Tunnel down() {
        inside.run("ip", "link", "set", link, "down");
        return this;
    }

    Tunnel mtu(int mtu) {
        inside.run("ip", "link", "set", link, "mtu", Integer.toString(mtu));
        return this;
    }

    /** {@code wg set} on this device. */
    Tunnel set(String... arguments) {
        List<String> command = new ArrayList<>(List.of("wg", "set", link));
        command.addAll(List.of(arguments));
        inside.run(command.toArray(String[]::new));
        return this;
    }

    /** {@code wg set ... peer} for the other end. */
    Tunnel peer(Tunnel other, String... arguments) {
        List<String> command = new ArrayList<>(List.of("peer", other.keys.publicKey()));
        command.addAll(List.of(arguments));
        return set(command.toArray(String[]::new));
    }

    /** Sets the own private key and the port. */
    Tunnel listen(int port) {
        return set(
                "private-key", Keys.file(keys.privateKey()), "listen-port", Integer.toString(port));
    }

    /** {@code wg show} of one thing, such as {@code endpoints}. */
    String show(String what) {
        return inside.run("wg", "show", link, what).strip();
    }

    /** {@code wg show} of something that each peer has, the words by public key. */
    Map<String, List<String>> perPeer(String what) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String line : show(what).lines().toList()) {
            List<String> words =
                    Collections.list(new StringTokenizer(line)).stream()
                            .map(Object::toString)
                            .toList();
            values.put(words.getFirst(), words.subList(1, words.size()));
        }
        return values;
    }

    /** Where this end believes the other to be. */
    String endpointOf(Tunnel other) {
        return value("endpoints", other);
    }

    /** When the last handshake with the other was, in seconds of the Unix epoch; 0: never. */
    long handshakeS(Tunnel other) {
        return Long.parseLong(value("latest-handshakes", other));
    }

    /** Bytes received from and sent to the other. */
    Transfer transfer(Tunnel other) {
        List<String> values = values("transfer", other);
        return new Transfer(Long.parseLong(values.get(0)), Long.parseLong(values.get(1)));
    }

    private String value(String what, Tunnel other) {
        return values(what, other).getFirst();
    }

    private List<String> values(String what, Tunnel other) {
        List<String> values = perPeer(what).get(other.keys.publicKey());
        if (values == null) {
            throw new AssertionError("no such peer in: " + show(what));
        }
        return values;
    }

    record Transfer(long rxBytes, long txBytes) {}

    /**
     * Waits until the UDP port is bound: a device that has gone up outside its own namespace is
     * noticed late.
     */
    Tunnel awaitBound(int port) {
        NetworkNamespace.await(
                Duration.ofSeconds(5),
                () -> !outside.run("ss", "-ulnH", "sport = :" + port).isBlank(),
                () -> "port " + port + " is not bound: " + process.output());
        return this;
    }

    /** Fails when the program has ended or has printed a stack trace. */
    void assertRunning() {
        if (!process.process().isAlive()) {
            throw new AssertionError("ended: " + process.output());
        }
        assertNoStackTrace();
    }

    void assertNoStackTrace() {
        String output = process.output();
        if (output.contains("Exception") || output.contains("\tat ") || output.contains("panic:")) {
            throw new AssertionError("stack trace: " + output);
        }
    }

    /** Ends the program by deleting its device, and looks at what it has printed. */
    @Override
    public void close() {
        inside.exec("ip", "link", "delete", link);
        try {
            process.await(Duration.ofSeconds(10));
            assertNoStackTrace();
        } finally {
            process.close();
        }
    }
}

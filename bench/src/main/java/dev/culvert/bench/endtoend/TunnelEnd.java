package dev.culvert.bench.endtoend;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One end of a tunnel: a namespace with a running implementation, its interface and its keys. */
final class TunnelEnd {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(15);

    private final NetworkNamespace namespace;
    private final String interfaceName;
    private final RunningProcess process;
    private final String privateKey;
    private final String publicKey;
    private final double startMs;

    /** Starts the implementation and waits until its UAPI socket accepts. */
    TunnelEnd(NetworkNamespace namespace, String interfaceName, Implementation implementation) {
        this.namespace = namespace;
        this.interfaceName = interfaceName;
        this.privateKey = namespace.run("wg", "genkey").strip();
        this.publicKey = namespace.run("sh", "-c", "echo " + privateKey + " | wg pubkey").strip();
        List<String> command = new ArrayList<>(implementation.command());
        command.add(interfaceName);
        long startNs = System.nanoTime();
        this.process =
                namespace.start(implementation.environment(), command.toArray(String[]::new));
        NetworkNamespace.await(
                START_TIMEOUT,
                this::accepts,
                () -> implementation.name() + " does not listen: " + process.output());
        this.startMs = (System.nanoTime() - startNs) / 1e6;
    }

    private boolean accepts() {
        Path socket = Path.of("/var/run/wireguard", interfaceName + ".sock");
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException refused) {
            return false;
        }
    }

    /** Gives the interface its addresses and key, and the other end as its only peer. */
    void configure(
            TunnelEnd other,
            String endpoint,
            String ipv4,
            String ipv6,
            String otherIpv4,
            String otherIpv6)
            throws IOException {
        Path keyFile = Files.createTempFile("culvert-bench-", ".key");
        try {
            Files.writeString(keyFile, privateKey);
            namespace.run(
                    "wg",
                    "set",
                    interfaceName,
                    "private-key",
                    keyFile.toString(),
                    "listen-port",
                    "51820",
                    "peer",
                    other.publicKey,
                    "allowed-ips",
                    otherIpv4 + "/32," + otherIpv6 + "/128",
                    "endpoint",
                    endpoint);
        } finally {
            Files.delete(keyFile);
        }
        namespace.run("ip", "address", "add", ipv4 + "/24", "dev", interfaceName);
        namespace.run("ip", "address", "add", ipv6 + "/64", "dev", interfaceName, "nodad");
        namespace.run("ip", "link", "set", interfaceName, "mtu", "1420", "up");
    }

    /** From exec to a UAPI socket that accepts, `ip netns exec` included. */
    double startMs() {
        return startMs;
    }

    /**
     * {@code ip netns exec} and the launcher both exec, so this is the pid of the implementation.
     */
    double cpuSeconds() throws IOException {
        return ProcessUsage.cpuSeconds(process.process().pid());
    }

    double peakResidentMib() throws IOException {
        return ProcessUsage.peakResidentMib(process.process().pid());
    }
}

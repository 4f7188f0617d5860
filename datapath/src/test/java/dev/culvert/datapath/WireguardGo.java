package dev.culvert.datapath;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;

/** A wg0 of wireguard-go in a namespace, configured with wg. */
final class WireguardGo implements AutoCloseable {
    final NetworkNamespace namespace;
    private final Path keyFile;
    private final Path socket;
    private final String device;
    private final RunningProcess process;

    /** Starts it, with a key of its own, and brings the link up. */
    WireguardGo(NetworkNamespace namespace, int mtu, String... addresses) throws IOException {
        this.namespace = namespace;
        // UAPI sockets lie in one directory for all namespaces: the name must be unique.
        device = "go" + ProcessHandle.current().pid() % 100_000_000;
        socket = Path.of("/var/run/wireguard", device + ".sock");
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        keyFile = Files.createTempFile("culvert-test-", ".key");
        Files.writeString(keyFile, Base64.getEncoder().encodeToString(key));
        process = namespace.start("wireguard-go", "-f", device);
        NetworkNamespace.await(Duration.ofSeconds(10), () -> Files.exists(socket), process::output);
        namespace.run("wg", "set", device, "private-key", keyFile.toString());
        for (String address : addresses) {
            namespace.addAddress(device, address);
        }
        namespace.run("ip", "link", "set", device, "mtu", Integer.toString(mtu), "up");
    }

    byte[] publicKey() {
        return Base64.getDecoder()
                .decode(namespace.run("wg", "show", device, "public-key").strip());
    }

    int port() {
        return Integer.parseInt(namespace.run("wg", "show", device, "listen-port").strip());
    }

    /** Adds or changes a peer. */
    void peer(byte[] publicKey, String endpoint, String allowedIps) {
        namespace.run(
                "wg",
                "set",
                device,
                "peer",
                Base64.getEncoder().encodeToString(publicKey),
                "endpoint",
                endpoint,
                "allowed-ips",
                allowedIps);
    }

    /** One column of {@code wg show}, such as "transfer". */
    String show(String what) {
        return namespace.run("wg", "show", device, what).strip();
    }

    @Override
    public void close() throws IOException {
        process.close();
        Files.deleteIfExists(keyFile);
        Files.deleteIfExists(socket);
    }
}

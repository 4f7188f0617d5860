package dev.culvert.app.connection;

import dev.culvert.app.config.InterfaceConfig;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.dns.ResolvConf;
import dev.culvert.killswitch.policy.Pinhole;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whom to ask for names: for endpoints before there is a tunnel, for everybody once there is. */
final class NameServers {
    private static final Logger log = LoggerFactory.getLogger(NameServers.class);

    private static final InetAddress DOCKER = InetAddress.ofLiteral("127.0.0.11");
    private static final Duration PINHOLE = Duration.ofSeconds(30);

    private final SidecarSettings settings;
    private final ResolvConf resolvConf;

    NameServers(Path root, SidecarSettings settings) {
        this.settings = settings;
        resolvConf = new ResolvConf(root);
    }

    /** For endpoints: {@code ENDPOINT_DNS}, else those that resolv.conf named before the tunnel. */
    List<InetAddress> servers() throws ConnectionException {
        if (!settings.endpointDns().isEmpty()) {
            return settings.endpointDns();
        }
        List<InetAddress> servers =
                resolvConf.originalServers().stream()
                        .filter(server ->
                                settings.exemptions().dockerResolver() || !server.equals(DOCKER))
                        .toList();
        if (servers.isEmpty()) {
            throw new ConnectionException(
                    "the endpoint's name cannot be resolved: "
                            + resolvConf
                            + " names no server that may be asked (Docker's 127.0.0.11 asks beside"
                            + " the tunnel). Write the endpoint's address, or set ENDPOINT_DNS to a"
                            + " server's address, or DNS_LOCAL=docker");
        }
        return servers;
    }

    Pinhole pinhole() throws ConnectionException {
        return Pinhole.dns(servers(), PINHOLE);
    }

    /** Names the tunnel's servers to the programs of the namespace. */
    void write(TunnelConfig config) {
        InterfaceConfig local = config.local();
        if (local.dns().isEmpty()) {
            if (!settings.exemptions().dockerResolver()
                    && resolvConf.originalServers().contains(DOCKER)) {
                log.warn(
                        "{} names Docker's 127.0.0.11 alone, which may not be asked: no names will"
                                + " be resolved. Write DNS = ... into {}, or set DNS_LOCAL=docker",
                        resolvConf,
                        config.source());
            }
            return;
        }
        try {
            resolvConf.write(local.dns(), local.searchDomains());
        } catch (IOException refused) {
            log.warn(
                    "{} cannot be written: name the server {} in the container's own settings",
                    resolvConf,
                    local.dns().getFirst().getHostAddress());
        }
    }
}

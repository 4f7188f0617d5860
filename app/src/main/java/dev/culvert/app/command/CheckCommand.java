package dev.culvert.app.command;

import dev.culvert.app.config.Alternatives;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.IdleVariables;
import dev.culvert.app.config.MonitoringSettings;
import dev.culvert.app.config.ServerSettings;
import dev.culvert.app.config.StrangeNames;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.relay.RelayConfig;
import dev.culvert.app.rules.NatRules;
import dev.culvert.app.server.Server;
import dev.culvert.app.server.TunnelSource;
import dev.culvert.app.sidecar.Surroundings;
import dev.culvert.app.tunnel.Settings;
import java.nio.file.Path;

/** {@code culvert check}. */
final class CheckCommand {
    private CheckCommand() {}

    static int run(Surroundings surroundings) {
        int status = 0;
        StrangeNames.notices(surroundings.environment()).forEach(System.err::println);
        IdleVariables.notices(surroundings.environment()).forEach(System.err::println);
        try {
            Settings.of(surroundings.environment());
        } catch (Settings.InvalidException invalid) {
            System.err.println(invalid.getMessage());
            status = 1;
        }
        try {
            NatRules.settings(surroundings.environment());
        } catch (ConfigException invalid) {
            System.err.println(invalid.getMessage());
            status = 1;
        }
        try {
            MonitoringSettings.of(surroundings.environment(), surroundings.root());
        } catch (ConfigException invalid) {
            System.err.println(invalid.getMessage());
            status = 1;
        }
        if (ServerSettings.areGiven(surroundings.environment())) {
            return Math.max(status, server(surroundings));
        }
        try (RelayConfig config =
                RelayConfig.load(
                        surroundings.root(),
                        surroundings.environment(),
                        surroundings.arguments())) {
            for (TunnelConfig tunnel : config.tunnels()) {
                tunnel.notices().forEach(System.err::println);
                System.out.println(
                        tunnel.source()
                                + ": interface "
                                + tunnel.interfaceName()
                                + ", "
                                + tunnel.peers().size()
                                + (tunnel.peers().size() == 1 ? " peer" : " peers"));
                for (Path file : Alternatives.after(tunnel.source(), tunnel.interfaceName())) {
                    System.out.println(file + ": another one for " + tunnel.interfaceName());
                }
            }
        } catch (ConfigException invalid) {
            System.err.println(invalid.getMessage());
            status = 1;
        }
        return status;
    }

    private static int server(Surroundings surroundings) {
        try {
            TunnelSource.refuseOther(
                    new ConfigLoader(surroundings.root(), surroundings.environment()),
                    surroundings.arguments());
            Server server = Server.open(surroundings.root(), surroundings.environment());
            String found = server.check();
            server.notices().forEach(System.err::println);
            System.out.println(found);
            return 0;
        } catch (ConfigException invalid) {
            System.err.println(invalid.getMessage());
            return 1;
        }
    }
}

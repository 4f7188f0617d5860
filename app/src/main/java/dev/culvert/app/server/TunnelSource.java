package dev.culvert.app.server;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.ServerSettings;
import dev.culvert.app.config.TunnelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the tunnels come from: the variables of a server, else files or other variables. */
public final class TunnelSource {
    private TunnelSource() {}

    /**
     * Reads it. A server's keys are made if they are missing.
     *
     * @param root {@code /}
     * @param arguments paths, or names of interfaces
     * @throws ConfigException with all mistakes
     */
    public static List<TunnelConfig> load(
            Path root, Map<String, String> environment, List<String> arguments)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader(root, environment);
        if (!ServerSettings.areGiven(environment)) {
            return loader.load(arguments);
        }
        refuseOther(loader, arguments);
        return List.of(Server.open(root, environment).load());
    }

    /** A server and a file would be two tunnels. */
    public static void refuseOther(ConfigLoader loader, List<String> arguments)
            throws ConfigException {
        Optional<String> other =
                arguments.isEmpty() ? loader.found() : arguments.stream().findFirst();
        if (other.isPresent()) {
            throw new ConfigException(
                    other.get(),
                    "and PEERS, SERVERURL or WG_CLIENT_PUBKEY are both given: choose one (a server"
                            + " needs no file)");
        }
    }
}

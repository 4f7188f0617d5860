package dev.culvert.app.server;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.ServerSettings;
import dev.culvert.app.config.TunnelConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the tunnel comes from: the variables of a server, else a file or other variables. */
public final class TunnelSource {
    private TunnelSource() {}

    /**
     * Reads it. A server's keys are made if they are missing.
     *
     * @param root {@code /}
     * @param argument a path, or the name of an interface
     * @throws ConfigException with all mistakes
     */
    public static TunnelConfig load(
            Path root, Map<String, String> environment, Optional<String> argument)
            throws ConfigException {
        ConfigLoader loader = new ConfigLoader(root, environment);
        if (!ServerSettings.areGiven(environment)) {
            return loader.load(argument);
        }
        refuseOther(loader, argument);
        return Server.open(root, environment).load();
    }

    /** A server and a file would be two tunnels. */
    public static void refuseOther(ConfigLoader loader, Optional<String> argument)
            throws ConfigException {
        Optional<String> other = argument.isPresent() ? argument : loader.found();
        if (other.isPresent()) {
            throw new ConfigException(
                    other.get(),
                    "and PEERS, SERVERURL or WG_CLIENT_PUBKEY are both given: choose one (a server"
                            + " needs no file)");
        }
    }
}

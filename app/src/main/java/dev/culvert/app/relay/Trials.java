package dev.culvert.app.relay;

import dev.culvert.app.config.Alternatives;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.connection.Connection;
import dev.culvert.app.connection.ConnectionException;
import dev.culvert.app.connection.Trial;
import dev.culvert.app.routing.Ways;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Other configurations of the tunnels that are there: tried first, then gone over to or not. */
public final class Trials {
    private final Path root;
    private final Map<String, String> environment;
    private final Ways ways;
    private final Map<String, Connection> connections;

    /**
     * @param connections by the names of their links, as they are at any time
     */
    Trials(
            Path root,
            Map<String, String> environment,
            Ways ways,
            Map<String, Connection> connections) {
        this.root = root;
        this.environment = environment;
        this.ways = ways;
        this.connections = connections;
    }

    /** Of the tunnels that could have another configuration. */
    public List<Candidates> candidates() throws ConfigException {
        List<Candidates> found = new ArrayList<>();
        for (Connection connection : connections.values()) {
            TunnelConfig config = connection.current();
            List<Path> others = Alternatives.after(config.source(), config.interfaceName());
            if (!others.isEmpty()) {
                found.add(new Candidates(config.interfaceName(), Path.of(config.source()), others));
            }
        }
        return found;
    }

    /** Opens the way to the peers of another configuration. */
    public Trial tryOut(String interfaceName, Path file)
            throws ConfigException, ConnectionException {
        Connection connection = connection(interfaceName);
        TunnelConfig wanted = new ConfigLoader(root, environment).alternative(file, interfaceName);
        boolean usable = false;
        try {
            refuseConflicts(wanted);
            Trial trial = connection.tryOut(wanted);
            usable = true;
            return trial;
        } finally {
            if (!usable) {
                wanted.close();
            }
        }
    }

    private void refuseConflicts(TunnelConfig wanted) throws ConfigException {
        List<TunnelConfig> all =
                connections.values().stream()
                        .map(Connection::current)
                        .map(present ->
                                present.interfaceName().equals(wanted.interfaceName())
                                        ? wanted
                                        : present)
                        .toList();
        List<ConfigProblem> problems = RelayConfig.conflicts(all, ways.rules(), environment);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Goes over to it. */
    public void adopt(Trial trial) throws ConnectionException {
        Connection connection = connection(trial.config().interfaceName());
        ways.put(trial.config());
        connection.adopt(trial.config());
    }

    /** Closes that way again. */
    public void abandon(Trial trial) throws ConnectionException {
        connection(trial.config().interfaceName()).abandon();
    }

    private Connection connection(String interfaceName) throws ConnectionException {
        Connection connection = connections.get(interfaceName);
        if (connection == null) {
            throw new ConnectionException(interfaceName + ": there is no such tunnel any more");
        }
        return connection;
    }
}

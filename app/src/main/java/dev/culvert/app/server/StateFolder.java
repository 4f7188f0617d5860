package dev.culvert.app.server;

import static dev.culvert.app.config.ServerVariable.CULVERT_STATE_DIR;

import dev.culvert.app.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where keys are kept over restarts: a volume, which has to be there. */
final class StateFolder {
    private static final String CONFIG = "config";
    private static final List<String> NAMES = List.of("state", CONFIG);

    private StateFolder() {}

    /**
     * Never made here: in the container's own layer the keys would be lost with it.
     *
     * @param root {@code /}
     */
    static Path find(Path root, Map<String, String> environment) throws ConfigException {
        String elsewhere = CULVERT_STATE_DIR.in(environment);
        if (!elsewhere.isEmpty()) {
            Path folder = Path.of(elsewhere);
            if (!Files.isDirectory(folder)) {
                throw new ConfigException(CULVERT_STATE_DIR.name(), elsewhere + " is no folder");
            }
            return folder;
        }
        for (String name : NAMES) {
            Path folder = root.resolve(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new ConfigException(
                root.resolve(NAMES.getFirst()).toString(),
                "is no folder, nor is "
                        + root.resolve(CONFIG)
                        + ": mount a volume there (-v ./state:/state), keys are kept in it");
    }

    /** Whether files that end in .conf would be taken for configurations of this end. */
    static boolean isSearched(Path folder) {
        return folder.endsWith(CONFIG);
    }
}

package dev.culvert.app.sidecar;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the sidecar runs.
 *
 * @param root {@code /}
 * @param arguments the configurations that the command line names
 */
public record Surroundings(Path root, Map<String, String> environment, List<String> arguments) {
    /** Of this process: the end of process 1 is the end of its container. */
    boolean isInit() {
        return ProcessHandle.current().pid() == 1;
    }
}

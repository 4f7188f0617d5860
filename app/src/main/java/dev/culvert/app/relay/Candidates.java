package dev.culvert.app.relay;

import java.nio.file.Path;
import java.util.List;

/**
 * The configurations that a tunnel can have.
 *
 * @param present the one in use
 * @param others at least one, in the order of trying
 */
public record Candidates(String interfaceName, Path present, List<Path> others) {
    public Candidates {
        others = List.copyOf(others);
    }
}

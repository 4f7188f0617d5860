package dev.culvert.app.sidecar;

import static dev.culvert.app.config.SidecarVariable.CULVERT_RUN_DIR;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the process that runs in a network namespace is asked: a socket that is named after the
 * number of the namespace, so that one folder serves many.
 */
final class ControlSocket {
    private ControlSocket() {}

    /** The socket of the caller's network namespace. */
    static Path path(Surroundings surroundings) {
        return file(surroundings, ".sock");
    }

    /** What {@code culvert health} reads, beside the socket. */
    static Path healthFile(Surroundings surroundings) {
        return file(surroundings, ".health");
    }

    private static Path file(Surroundings surroundings, String suffix) {
        Path given = Path.of(CULVERT_RUN_DIR.in(surroundings.environment()));
        Path directory =
                CULVERT_RUN_DIR.isIn(surroundings.environment())
                        ? given
                        : surroundings.root().resolve(Path.of("/").relativize(given));
        return directory.resolve(namespace(surroundings.root()) + suffix);
    }

    /** {@code net:[4026532281]} has the number. */
    private static String namespace(Path root) {
        try {
            String link =
                    Files.readSymbolicLink(root.resolve("proc/thread-self/ns/net")).toString();
            return link.replaceAll("[^0-9]", "");
        } catch (IOException unknown) {
            return "net";
        }
    }
}

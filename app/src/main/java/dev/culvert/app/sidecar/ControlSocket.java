package dev.culvert.app.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the process that runs in a network namespace is asked: a socket that is named after the
 * number of the namespace, so that one folder serves many.
 */
final class ControlSocket {
    /** Where sockets go that are no others' business; {@code CULVERT_RUN_DIR} moves it. */
    private static final String DIRECTORY = "run/culvert";

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
        String elsewhere = surroundings.environment().getOrDefault("CULVERT_RUN_DIR", "");
        Path directory =
                elsewhere.isEmpty() ? surroundings.root().resolve(DIRECTORY) : Path.of(elsewhere);
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

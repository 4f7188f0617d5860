package dev.culvert.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that can stand in for one another: {@code wg0.conf}, and those in the folder {@code wg0.d}
 * beside it, in the order of their names. All make the same interface.
 */
public final class Alternatives {
    private static final String FOLDER = ".d";

    private Alternatives() {}

    /**
     * Those to be tried after this one, in turn: the ones behind it, then from the first on. Empty:
     * there is no other, or it does not come from a file.
     *
     * @param source of the configuration that is in use
     */
    public static List<Path> after(String source, String interfaceName) throws ConfigException {
        Path present = Path.of(source).toAbsolutePath();
        if (!Files.isRegularFile(present)) {
            return List.of();
        }
        List<Path> all = all(first(present, interfaceName), interfaceName);
        int at = all.indexOf(present);
        List<Path> following = new ArrayList<>(all.subList(at + 1, all.size()));
        following.addAll(all.subList(0, Math.max(at, 0)));
        return List.copyOf(following);
    }

    private static Path first(Path present, String interfaceName) {
        Path folder = present.getParent();
        return folder != null && folder.endsWith(interfaceName + FOLDER)
                ? folder.resolveSibling(interfaceName + ConfigLoader.SUFFIX)
                : present;
    }

    private static List<Path> all(Path first, String interfaceName) throws ConfigException {
        List<Path> all = new ArrayList<>(List.of(first));
        all.addAll(ConfigFiles.list(first.resolveSibling(interfaceName + FOLDER)));
        return all;
    }
}

package dev.culvert.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the configuration and reads it. */
public final class ConfigLoader {
    /** What names of links consist of, for messages. */
    public static final String NAME_RULE = "1 to 15 letters, digits or _ = + . -";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_=+.-]{1,15}");
    private static final String SUFFIX = ".conf";

    private final Path root;
    private final Map<String, String> environment;
    private final SecretVariables variables;

    /**
     * @param root where the directories are, {@code /}
     */
    public ConfigLoader(Path root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
        variables = new SecretVariables(environment, root.resolve("run/secrets"));
    }

    /**
     * Reads the file of the argument, else the first one found, else the environment.
     *
     * @param argument a path, or as with wg-quick the name of an interface
     * @throws ConfigException with all mistakes
     */
    public TunnelConfig load(Optional<String> argument) throws ConfigException {
        boolean inEnvironment = EnvironmentParser.describesTunnel(environment);
        if (argument.isPresent()) {
            return read(path(argument.get()), List.of());
        }
        List<Path> files = ConfigFiles.find(root);
        if (files.isEmpty()) {
            if (inEnvironment || variables.bytes(EnvironmentParser.PRIVATE_KEY) != null) {
                return EnvironmentParser.parse(environment, variables);
            }
            throw new ConfigException(
                    "configuration",
                    "there is none: neither "
                            + ConfigFiles.places()
                            + " nor WIREGUARD_PRIVATE_KEY and its like");
        }
        if (inEnvironment) {
            throw new ConfigException(
                    files.getFirst().toString(),
                    "and WIREGUARD_PUBLIC_KEY or WIREGUARD_ENDPOINT_IP are both given: choose one");
        }
        return read(files.getFirst(), files.subList(1, files.size()));
    }

    /**
     * What {@link #load} would read without an argument, and thus what others must not be given
     * beside.
     */
    public Optional<String> found() throws ConfigException {
        List<Path> files = ConfigFiles.find(root);
        if (!files.isEmpty()) {
            return Optional.of(files.getFirst().toString());
        }
        return EnvironmentParser.describesTunnel(environment)
                ? Optional.of("WIREGUARD_PUBLIC_KEY or WIREGUARD_ENDPOINT_IP")
                : Optional.empty();
    }

    private Path path(String argument) {
        return NAME.matcher(argument).matches() && !argument.endsWith(SUFFIX)
                ? root.resolve("etc/wireguard/" + argument + SUFFIX)
                : Path.of(argument);
    }

    private TunnelConfig read(Path file, List<Path> others) throws ConfigException {
        String source = file.toString();
        String fileName = String.valueOf(file.getFileName());
        String interfaceName =
                fileName.endsWith(SUFFIX)
                        ? fileName.substring(0, fileName.length() - SUFFIX.length())
                        : "";
        if (!isInterfaceName(interfaceName)) {
            throw new ConfigException(
                    source, "has to be named after its interface, such as wg0.conf: " + NAME_RULE);
        }
        byte[] bytes = ConfigFiles.read(source, file, ConfigFiles.MAX_BYTES);
        try {
            TunnelConfig config =
                    WgQuickParser.parse(
                            source,
                            interfaceName,
                            bytes,
                            environment.getOrDefault("ALLOW_HOOKS", "").equals("1"),
                            fallbackKey());
            return withNotices(config, file, others);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private @Nullable Secret fallbackKey() throws ConfigException {
        return variables.secret(EnvironmentParser.PRIVATE_KEY);
    }

    private static TunnelConfig withNotices(TunnelConfig config, Path file, List<Path> others) {
        List<String> notices = new ArrayList<>(config.notices());
        if (ConfigFiles.isReadableByEveryone(file)) {
            notices.add(0, file + ": is readable by everyone: chmod 600 " + file);
        }
        if (config.local().saveConfig() && !Files.isWritable(file)) {
            notices.add(file + ": SaveConfig: the file cannot be written, it stays as it is");
        }
        for (Path other : others) {
            notices.add(other + ": is not used, for " + file + " comes first");
        }
        return new TunnelConfig(
                config.source(),
                config.interfaceName(),
                config.local(),
                config.peers(),
                List.copyOf(notices));
    }

    /** Whether a link may have this name. */
    public static boolean isInterfaceName(String name) {
        return NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }
}

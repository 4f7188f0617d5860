package dev.culvert.app.config;

import dev.culvert.tun.sys.Libc;
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
    static final String SUFFIX = ".conf";

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
     * Reads the files of the arguments, else all of the first folder that has any, else the
     * environment.
     *
     * @param arguments paths, or as with wg-quick names of interfaces
     * @return at least one, to be closed by the caller
     * @throws ConfigException with all mistakes
     */
    public List<TunnelConfig> load(List<String> arguments) throws ConfigException {
        boolean numbered = NumberedTunnels.areDescribed(environment);
        boolean inEnvironment = EnvironmentParser.describesTunnel(environment) || numbered;
        if (!arguments.isEmpty()) {
            return read(arguments.stream().map(this::path).toList());
        }
        List<Path> files = ConfigFiles.find(root);
        if (!files.isEmpty() && inEnvironment) {
            throw new ConfigException(
                    files.getFirst().toString(),
                    "and "
                            + (numbered
                                    ? "WG1_... or its like"
                                    : "WIREGUARD_PUBLIC_KEY or WIREGUARD_ENDPOINT_IP")
                            + " are both given: choose one");
        }
        if (!files.isEmpty()) {
            return read(files);
        }
        if (numbered) {
            if (EnvironmentParser.describesTunnel(environment)) {
                throw new ConfigException(
                        "environment", "has WG1_... and WIREGUARD_...: choose one");
            }
            return new NumberedTunnels(environment, variables, this::fromText).read();
        }
        if (inEnvironment || variables.bytes(TunnelVariable.WIREGUARD_PRIVATE_KEY.name()) != null) {
            return List.of(EnvironmentParser.parse(environment, variables));
        }
        throw new ConfigException(
                "configuration",
                "there is none: neither "
                        + ConfigFiles.places()
                        + " nor WIREGUARD_PRIVATE_KEY and its like");
    }

    private List<TunnelConfig> read(List<Path> files) throws ConfigException {
        WholeOrMistakes read = new WholeOrMistakes();
        for (Path file : files) {
            Optional<TunnelConfig> tunnel = read.add(() -> read(file, files.size() == 1));
            if (tunnel.isPresent()) {
                read.add(alternativeMistakes(tunnel.get()));
            }
        }
        List<TunnelConfig> tunnels = new ArrayList<>(read.whole());
        List<String> idle = besideFiles(files);
        if (!idle.isEmpty()) {
            tunnels.set(0, tunnels.getFirst().withNotices(idle));
        }
        return tunnels;
    }

    /** Variables of a tunnel that a file has taken the place of. */
    private List<String> besideFiles(List<Path> files) {
        List<String> idle = new ArrayList<>();
        for (TunnelVariable variable : TunnelVariable.values()) {
            boolean read = variable == TunnelVariable.WIREGUARD_PRIVATE_KEY && files.size() == 1;
            for (String form : SecretVariables.forms(variable.name())) {
                if (!read && !environment.getOrDefault(form, "").isBlank()) {
                    idle.add(form);
                }
            }
        }
        return idle.isEmpty()
                ? idle
                : List.of(
                        String.join(", ", idle)
                                + ": no effect beside "
                                + files.getFirst()
                                + ", which says it all");
    }

    /** What may be gone over to later has to be right from the start. */
    private List<ConfigProblem> alternativeMistakes(TunnelConfig tunnel) {
        List<ConfigProblem> problems = new ArrayList<>();
        try {
            for (Path file : Alternatives.after(tunnel.source(), tunnel.interfaceName())) {
                checkAlternative(file, tunnel, problems);
            }
        } catch (ConfigException invalid) {
            problems.addAll(invalid.problems());
        }
        return problems;
    }

    private void checkAlternative(Path file, TunnelConfig tunnel, List<ConfigProblem> problems) {
        try (TunnelConfig other = alternative(file, tunnel.interfaceName())) {
            if (!other.local().fwmark().equals(tunnel.local().fwmark())) {
                problems.add(
                        other.origins()
                                .fwmark()
                                .problem("has to be the same as in " + tunnel.source()));
            }
        } catch (ConfigException invalid) {
            problems.addAll(invalid.problems());
        }
    }

    /**
     * One of {@link Alternatives}.
     *
     * @return to be closed by the caller
     */
    public TunnelConfig alternative(Path file, String interfaceName) throws ConfigException {
        return parse(file, interfaceName, false);
    }

    /** A wg-quick file that stands in a variable. */
    private TunnelConfig fromText(String source, String interfaceName, byte[] text)
            throws ConfigException {
        return WgQuickParser.parse(source, interfaceName, text, hooksAllowed(), null);
    }

    private boolean hooksAllowed() {
        return SidecarVariable.ALLOW_HOOKS.isOn(environment);
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
        if (NumberedTunnels.areDescribed(environment)) {
            return Optional.of("WG1_... or its like");
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

    /**
     * @param alone then the private key may come from the environment
     */
    private TunnelConfig read(Path file, boolean alone) throws ConfigException {
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
        return parse(file, interfaceName, alone);
    }

    private TunnelConfig parse(Path file, String interfaceName, boolean alone)
            throws ConfigException {
        String source = file.toString();
        byte[] bytes = ConfigFiles.read(source, file, ConfigFiles.MAX_BYTES);
        try {
            TunnelConfig config =
                    WgQuickParser.parse(
                            source,
                            interfaceName,
                            bytes,
                            hooksAllowed(),
                            alone ? fallbackKey() : null);
            return withNotices(config, file);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private @Nullable Secret fallbackKey() throws ConfigException {
        return variables.secret(TunnelVariable.WIREGUARD_PRIVATE_KEY.name());
    }

    private static TunnelConfig withNotices(TunnelConfig config, Path file) {
        List<String> notices = new ArrayList<>();
        if (ConfigFiles.isReadableByEveryone(file)) {
            String own = ConfigFiles.isOwn(file) ? "" : "chown " + Libc.geteuid() + " and ";
            notices.add(file + ": is readable by everyone: " + own + "chmod 600 " + file);
        }
        if (config.local().saveConfig() && !Files.isWritable(file)) {
            notices.add(file + ": SaveConfig: the file cannot be written, it stays as it is");
        }
        return config.withNotices(notices);
    }

    /** Whether a link may have this name. */
    public static boolean isInterfaceName(String name) {
        return NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }
}

package dev.culvert.app.config;

import static dev.culvert.app.config.NumberedVariable.CONFIG;
import static dev.culvert.app.config.NumberedVariable.INTERFACE;
import static dev.culvert.app.config.NumberedVariable.PEERS;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tunnels out of {@code WG1_...}, {@code WG2_...}: either a whole wg-quick file in {@code
 * WG1_CONFIG}, or a variable for each key. These are put together to a file, so that there is one
 * parser; what it says about a line is said about its variable.
 */
final class NumberedTunnels {
    private static final Pattern NAME =
            Pattern.compile("(?:FILE__)?WG([1-9][0-9]?)_([A-Z_]+?)(?:_FILE|_SECRETFILE)?");
    private static final Pattern OTHER_LINE = Pattern.compile("(?:the \\[Peer\\] )?in line (\\d+)");

    private final Map<String, String> environment;
    private final SecretVariables variables;
    private final TextParser parser;

    /** Of a wg-quick file in memory. */
    @FunctionalInterface
    interface TextParser {
        TunnelConfig parse(String source, String interfaceName, byte[] text) throws ConfigException;
    }

    NumberedTunnels(Map<String, String> environment, SecretVariables variables, TextParser parser) {
        this.environment = environment;
        this.variables = variables;
        this.parser = parser;
    }

    static boolean areDescribed(Map<String, String> environment) {
        return environment.keySet().stream().anyMatch(NumberedTunnels::isPart);
    }

    /** Whether a variable is one of a numbered tunnel, rightly written or not. */
    static boolean isPart(String name) {
        return NAME.matcher(name).matches();
    }

    /** In the order of their numbers. */
    List<TunnelConfig> read() throws ConfigException {
        WholeOrMistakes read = new WholeOrMistakes();
        read.add(unknown());
        for (int number : numbers()) {
            read.add(() -> read("WG" + number + "_", "wg" + number));
        }
        return read.whole();
    }

    private List<Integer> numbers() {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String name : environment.keySet()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                numbers.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return List.copyOf(numbers);
    }

    private List<ConfigProblem> unknown() {
        List<String> known =
                Arrays.stream(NumberedVariable.values()).map(NumberedVariable::name).toList();
        List<ConfigProblem> problems = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && !known.contains(matcher.group(2))) {
                String nearest = NearestName.of(matcher.group(2), known);
                problems.add(
                        new ConfigProblem(
                                name,
                                0,
                                "",
                                "is not known; "
                                        + (nearest == null
                                                ? "there are "
                                                        + String.join(
                                                                ", ",
                                                                known.stream()
                                                                        .map(each ->
                                                                                prefix(name) + each)
                                                                        .toList())
                                                : "did you mean " + prefix(name) + nearest + "?")));
            }
        }
        return problems;
    }

    private static String prefix(String name) {
        return name.replaceFirst("^(?:FILE__)?(WG[0-9]+_).*", "$1");
    }

    private TunnelConfig read(String prefix, String defaultName) throws ConfigException {
        String given = variables.text(INTERFACE.of(prefix));
        String interfaceName = given == null ? defaultName : given;
        if (!ConfigLoader.isInterfaceName(interfaceName)) {
            throw new ConfigException(
                    INTERFACE.of(prefix),
                    Quoted.of(interfaceName) + " is no interface name: " + ConfigLoader.NAME_RULE);
        }
        byte[] whole = variables.bytes(CONFIG.of(prefix));
        if (whole == null) {
            return new Assembled(prefix).parse(interfaceName);
        }
        try {
            for (NumberedVariable other : NumberedVariable.values()) {
                if (other != INTERFACE && other != CONFIG) {
                    refuseBeside(CONFIG.of(prefix), other.of(prefix));
                }
            }
            return parser.parse(CONFIG.of(prefix), interfaceName, whole);
        } finally {
            Arrays.fill(whole, (byte) 0);
        }
    }

    private void refuseBeside(String config, String other) throws ConfigException {
        byte[] bytes = variables.bytes(other);
        if (bytes != null) {
            Arrays.fill(bytes, (byte) 0);
            throw new ConfigException(other, "and " + config + " are both set: choose one");
        }
    }

    /** A file out of variables, and which of them each line is of. */
    private final class Assembled {
        private final String prefix;
        private final List<String> origins = new ArrayList<>();
        private final WipedBytes text = new WipedBytes();

        Assembled(String prefix) {
            this.prefix = prefix;
        }

        TunnelConfig parse(String interfaceName) throws ConfigException {
            byte[] bytes = null;
            try {
                line("[Interface]", prefix);
                for (NumberedVariable variable : NumberedVariable.values()) {
                    if (variable.key != null) {
                        entry(variable.key, variable.of(prefix));
                    }
                }
                peers();
                bytes = text.toByteArray();
                TunnelConfig read = parser.parse(prefix + "*", interfaceName, bytes);
                return read.with(read.origins().map(this::named));
            } catch (ConfigException invalid) {
                throw new ConfigException(invalid.problems().stream().map(this::named).toList());
            } finally {
                text.wipe();
                if (bytes != null) {
                    Arrays.fill(bytes, (byte) 0);
                }
            }
        }

        private void entry(WgQuickKey key, String variable) throws ConfigException {
            byte[] value = variables.bytes(variable);
            if (value != null) {
                line(key.label + " = ", value, variable);
                Arrays.fill(value, (byte) 0);
            }
        }

        /** Peers between semicolons, keys between blanks: {@code PublicKey=... Endpoint=...}. */
        private void peers() throws ConfigException {
            byte[] peers = variables.bytes(PEERS.of(prefix));
            if (peers == null) {
                return;
            }
            int count = 0;
            boolean inside = false;
            for (int at = 0; at < peers.length; ) {
                int end = at;
                while (end < peers.length && peers[end] > ' ' && peers[end] != ';') {
                    end++;
                }
                if (end > at) {
                    if (!inside) {
                        inside = true;
                        count++;
                        line("[Peer]", origin(count));
                    }
                    line("", Arrays.copyOfRange(peers, at, end), origin(count));
                }
                inside &= end == peers.length || peers[end] != ';';
                at = end + 1;
            }
            Arrays.fill(peers, (byte) 0);
        }

        private String origin(int peer) {
            return PEERS.of(prefix) + ", peer " + peer;
        }

        private void line(String start, String origin) {
            line(start, new byte[0], origin);
        }

        /** Line ends in a value would be further lines. */
        private void line(String start, byte[] value, String origin) {
            text.writeBytes(start.getBytes(StandardCharsets.UTF_8));
            for (byte b : value) {
                text.write(b == '\n' || b == '\r' ? ',' : b);
            }
            text.write('\n');
            origins.add(origin);
        }

        private Origins.Place named(Origins.Place place) {
            String source = origin(place.line(), PEERS.of(prefix));
            boolean own = source.equals(variable(place.key()));
            return new Origins.Place(source, 0, own ? "" : place.key());
        }

        private ConfigProblem named(ConfigProblem problem) {
            String variable = variable(problem.key());
            String source =
                    problem.line() <= 1 && variable != null
                            ? variable
                            : origin(problem.line(), PEERS.of(prefix));
            String reason =
                    OTHER_LINE
                            .matcher(problem.reason())
                            .replaceAll(line ->
                                    Matcher.quoteReplacement(
                                            (line.group().startsWith("in") ? "in " : "")
                                                    + origin(
                                                            Integer.parseInt(line.group(1)),
                                                            PEERS.of(prefix))));
            boolean ownVariable = source.equals(variable);
            return new ConfigProblem(source, 0, ownVariable ? "" : problem.key(), reason);
        }

        private String origin(int line, String none) {
            return line >= 1 && line <= origins.size() ? origins.get(line - 1) : none;
        }

        private @Nullable String variable(String key) {
            for (NumberedVariable variable : NumberedVariable.values()) {
                if (variable.key != null && variable.key.label.equals(key)) {
                    return variable.of(prefix);
                }
            }
            return null;
        }
    }

    /** Keys are among them. */
    private static final class WipedBytes extends ByteArrayOutputStream {
        void wipe() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}

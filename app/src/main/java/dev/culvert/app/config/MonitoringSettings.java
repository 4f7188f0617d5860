package dev.culvert.app.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about being looked after.
 *
 * @param metricsAddress {@code METRICS_ADDR}: where /metrics, /livez and /readyz are served; empty:
 *     nowhere
 */
public record MonitoringSettings(Optional<InetSocketAddress> metricsAddress) {
    private static final String METRICS = "METRICS_ADDR";
    private static final String METRICS_DEFAULT = "127.0.0.1:9586";

    /** For when the variables themselves are wrong. */
    public static final MonitoringSettings NONE = new MonitoringSettings(Optional.empty());

    /** Reads the variables, and reports all that are wrong. */
    public static MonitoringSettings of(Map<String, String> environment) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        Optional<InetSocketAddress> metrics =
                listening(environment, METRICS, METRICS_DEFAULT, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new MonitoringSettings(metrics);
    }

    /** {@code off}, {@code 127.0.0.1:9586}, {@code [::1]:9586}, or {@code :9586} for everywhere. */
    private static Optional<InetSocketAddress> listening(
            Map<String, String> environment,
            String name,
            String absent,
            List<ConfigProblem> problems) {
        String given = environment.getOrDefault(name, "");
        String text = given.isEmpty() ? absent : given;
        if (text.equals("off")) {
            return Optional.empty();
        }
        int colon = text.lastIndexOf(':');
        try {
            if (colon < 0) {
                throw new InvalidValueException(Quoted.of(text) + " has no port");
            }
            int port = (int) Numbers.decimal(text.substring(colon + 1), 1, 0xffff, "port");
            return Optional.of(new InetSocketAddress(host(text.substring(0, colon)), port));
        } catch (InvalidValueException invalid) {
            problems.add(
                    new ConfigProblem(
                            name, 0, "", invalid.reason() + "; for example " + METRICS_DEFAULT));
            return Optional.empty();
        }
    }

    private static InetAddress host(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            return IpText.address("0.0.0.0");
        }
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return IpText.address(bracketed ? text.substring(1, text.length() - 1) : text);
    }
}

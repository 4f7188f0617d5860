package dev.culvert.app.config;

import static dev.culvert.app.config.MonitoringVariable.CHECK_CONNECTION_ATTEMPTS;
import static dev.culvert.app.config.MonitoringVariable.CHECK_CONNECTION_ATTEMPT_INTERVAL;
import static dev.culvert.app.config.MonitoringVariable.CHECK_CONNECTION_CRON;
import static dev.culvert.app.config.MonitoringVariable.CHECK_CONNECTION_URL;
import static dev.culvert.app.config.MonitoringVariable.DIAGNOSTIC_URL;
import static dev.culvert.app.config.MonitoringVariable.METRICS_ADDR;
import static dev.culvert.app.config.MonitoringVariable.RECREATE_VPN_CRON;
import static dev.culvert.app.config.MonitoringVariable.STATUS_ADDR;
import static dev.culvert.app.config.MonitoringVariable.STATUS_TOKEN;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says about being looked after.
 *
 * @param metricsAddress {@code METRICS_ADDR}: where /metrics, /livez and /readyz are served; empty:
 *     nowhere
 * @param statusAddress {@code STATUS_ADDR}: where the status page is served; empty: nowhere
 * @param statusToken {@code STATUS_TOKEN}: who knows it may see the page; empty: everybody
 * @param check {@code CHECK_CONNECTION_*}
 * @param recreation {@code RECREATE_VPN_CRON}: when to make a new session, wanted or not
 */
public record MonitoringSettings(
        Optional<InetSocketAddress> metricsAddress,
        Optional<InetSocketAddress> statusAddress,
        String statusToken,
        Optional<ConnectionCheck> check,
        Optional<Schedule> recreation) {
    /** For when the variables themselves are wrong. */
    public static final MonitoringSettings NONE =
            new MonitoringSettings(
                    Optional.empty(), Optional.empty(), "", Optional.empty(), Optional.empty());

    /** A token is a secret: it is not shown. */
    @Override
    public String toString() {
        return "MonitoringSettings[metrics " + metricsAddress + ", status " + statusAddress + "]";
    }

    /**
     * Reads the variables, and reports all that are wrong.
     *
     * @param root where /run/secrets is, {@code /}
     */
    public static MonitoringSettings of(Map<String, String> environment, Path root)
            throws ConfigException {
        Reader reader = new Reader(environment, root);
        MonitoringSettings settings =
                new MonitoringSettings(
                        reader.listening(METRICS_ADDR),
                        reader.listening(STATUS_ADDR),
                        reader.token(),
                        reader.check(),
                        reader.schedule(RECREATE_VPN_CRON));
        reader.tokenBeyondLoopback(settings);
        reader.diagnosticUrl();
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return settings;
    }

    private static final class Reader {
        private static final int MIN_TOKEN_CHARS = 16;
        private static final int MAX_ATTEMPTS = 100;
        private static final int MAX_INTERVAL_S = 3600;

        private final Map<String, String> environment;
        private final SecretVariables secrets;
        private final List<ConfigProblem> problems = new ArrayList<>();

        private Reader(Map<String, String> environment, Path root) {
            this.environment = environment;
            secrets = new SecretVariables(environment, root.resolve("run/secrets"));
            problems.addAll(Variable.mistakes(MonitoringVariable.values(), environment));
        }

        private void problem(MonitoringVariable variable, String reason) {
            problems.add(new ConfigProblem(variable.name(), 0, "", reason));
        }

        /** {@code off}, {@code 127.0.0.1:80}, {@code [::1]:80}, or {@code :80} for everywhere. */
        Optional<InetSocketAddress> listening(MonitoringVariable variable) {
            String text = variable.in(environment);
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
                problem(variable, invalid.reason() + "; for example 127.0.0.1:9586, or off");
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

        String token() {
            try {
                @Nullable String token = secrets.text(STATUS_TOKEN.name());
                if (token == null) {
                    return "";
                }
                if (token.length() < MIN_TOKEN_CHARS) {
                    problem(
                            STATUS_TOKEN,
                            "is too short: at least " + MIN_TOKEN_CHARS + " characters");
                }
                return token;
            } catch (ConfigException refused) {
                problems.addAll(refused.problems());
                return "";
            }
        }

        void tokenBeyondLoopback(MonitoringSettings settings) {
            boolean beyond =
                    settings.statusAddress()
                            .filter(address -> !address.getAddress().isLoopbackAddress())
                            .isPresent();
            if (beyond && settings.statusToken().isEmpty() && problems.isEmpty()) {
                problem(STATUS_ADDR, "is not a loopback address: that takes a STATUS_TOKEN, too");
            }
        }

        Optional<Schedule> schedule(MonitoringVariable variable) {
            String text = variable.in(environment);
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(Schedule.parse(text));
            } catch (InvalidValueException invalid) {
                problem(variable, invalid.reason());
                return Optional.empty();
            }
        }

        Optional<ConnectionCheck> check() {
            Optional<Schedule> schedule = schedule(CHECK_CONNECTION_CRON);
            List<URI> urls = new ArrayList<>();
            for (String text : CHECK_CONNECTION_URL.in(environment).split("[,;\\s]+", -1)) {
                if (!text.isEmpty()) {
                    url(CHECK_CONNECTION_URL, text).ifPresent(urls::add);
                }
            }
            int attempts = number(CHECK_CONNECTION_ATTEMPTS, MAX_ATTEMPTS);
            int intervalS = number(CHECK_CONNECTION_ATTEMPT_INTERVAL, MAX_INTERVAL_S);
            if (schedule.isPresent() && urls.isEmpty() && problems.isEmpty()) {
                problem(
                        CHECK_CONNECTION_URL,
                        "is not set; CHECK_CONNECTION_CRON needs one, such as https://example.com");
            }
            return schedule.map(times -> new ConnectionCheck(times, urls, attempts, intervalS));
        }

        void diagnosticUrl() {
            String text = DIAGNOSTIC_URL.in(environment);
            if (!text.equals("off")) {
                url(DIAGNOSTIC_URL, text);
            }
        }

        private Optional<URI> url(MonitoringVariable variable, String text) {
            try {
                URI uri = new URI(text);
                boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (web && uri.getHost() != null) {
                    return Optional.of(uri);
                }
            } catch (URISyntaxException no) {
                // Said below.
            }
            problem(
                    variable,
                    Quoted.of(text)
                            + " is no URL of http or https; for example https://example.com");
            return Optional.empty();
        }

        private int number(MonitoringVariable variable, int max) {
            try {
                return (int) Numbers.decimal(variable.in(environment), 1, max, "number");
            } catch (InvalidValueException invalid) {
                problem(variable, invalid.reason());
                return 1;
            }
        }
    }
}

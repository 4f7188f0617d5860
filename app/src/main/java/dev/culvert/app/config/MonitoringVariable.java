package dev.culvert.app.config;

import static dev.culvert.app.config.ForeignName.Program.GLUETUN;
import static dev.culvert.app.config.ForeignName.Program.WG_EASY;

/** Logs, metrics, the status page, checks of the connection, diagnostics. */
public enum MonitoringVariable implements Variable {
    LOG_LEVEL(
            Definition.of(
                            "`verbose` or `debug`, `info`, `warning` or `error`, `silent` or `off`",
                            "one line per event; without it `info` for `run`, `error` for `culvert"
                                    + " wg0`")
                    .oneOf("verbose", "debug", "info", "warning", "error", "silent", "off")),
    LOG_FORMAT(
            Definition.choice(
                    "`json`: one object per line: `time`, `level`, `interface`, `message`,"
                            + " `exception`",
                    "text",
                    "json")),
    METRICS_ADDR(
            Definition.of(
                            "`address:port`, `off`",
                            "where /livez, /readyz and /metrics are served. Beyond loopback it"
                                    + " takes `FIREWALL_INPUT_PORTS` or `NETWORK`, too")
                    .absent("127.0.0.1:9586")
                    .elsewhere(GLUETUN, "HEALTH_SERVER_ADDRESS")),
    STATUS_ADDR(
            Definition.of("`address:port`, `off`", "where the status page is served")
                    .absent("off")
                    .elsewhere(GLUETUN, "HTTP_CONTROL_SERVER_ADDRESS")
                    .elsewhere(WG_EASY, "WEBUI_HOST", "PORT")),
    STATUS_TOKEN(
            Definition.of(
                            "at least 16 characters, a secret",
                            "who knows it sees the page; needed beyond loopback")
                    .orFile()
                    .elsewhere(WG_EASY, "PASSWORD", "PASSWORD_HASH")),
    CHECK_CONNECTION_CRON(
            Definition.of("`*/15 * * * *`", "when to check the connection, see Reconnecting")),
    CHECK_CONNECTION_URL(
            Definition.of(
                            "URLs of http or https",
                            "one that answers with a status below 400 is enough")
                    .elsewhere(GLUETUN, "HEALTH_TARGET_ADDRESS", "HEALTH_TARGET_ADDRESSES")),
    CHECK_CONNECTION_ATTEMPTS(
            Definition.of("1 to 100", "how often, before the check counts as failed").absent("5")),
    CHECK_CONNECTION_ATTEMPT_INTERVAL(
            Definition.of("1 to 3600 seconds", "between the attempts").absent("10")),
    RECREATE_VPN_CRON(Definition.of("`0 4 * * *`", "when to make a new session, wanted or not")),
    NETWORK_DIAGNOSTIC_ENABLED(
            Definition.flag(
                    "`run` logs what `diagnose` shows once, when it is connected or has tried for"
                            + " 15 s")),
    DIAGNOSTIC_URL(
            Definition.of("a URL, `off`", "who is asked, through the tunnel, for the exit address")
                    .absent("https://icanhazip.com")
                    .elsewhere(GLUETUN, "PUBLICIP_API"));

    @SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
    private final Definition definition;

    MonitoringVariable(Definition definition) {
        this.definition = definition;
    }

    @Override
    public Definition definition() {
        return definition;
    }
}

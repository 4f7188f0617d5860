package dev.culvert.app.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What gluetun does and this program does not, by the variables that ask for it there. */
enum AbsentFeature {
    SERVER_LISTS(
            "there are no lists of servers here: take the WireGuard file of one server, or its"
                    + " values for WIREGUARD_...",
            "VPN_SERVICE_PROVIDER",
            "SERVER_COUNTRIES",
            "SERVER_REGIONS",
            "SERVER_CITIES",
            "SERVER_HOSTNAMES",
            "SERVER_NAMES"),
    OTHER_PROTOCOLS("WireGuard is all there is here", "VPN_TYPE"),
    INPUT_PORTS(
            "not needed: what comes through the tunnel may come in", "FIREWALL_VPN_INPUT_PORTS"),
    FORWARDED_PORTS("no provider is asked for ports here", "VPN_PORT_FORWARDING"),
    PROXIES("there is no proxy here", "HTTPPROXY", "SHADOWSOCKS"),
    RESOLVER("there is no resolver here: DNS of the file, or WIREGUARD_DNS, names a server", "DOT");

    /** Values that ask for nothing, or for what there is. */
    private static final List<String> MODEST =
            List.of("", "off", "false", "no", "custom", "wireguard");

    private final String instead;

    @SuppressWarnings("ImmutableEnumChecker") // it cannot be changed
    private final List<String> names;

    AbsentFeature(String instead, String... names) {
        this.instead = instead;
        this.names = List.of(names);
    }

    /** What to say of a variable; empty: nothing is missing. */
    static Optional<String> notice(String name, String value) {
        return MODEST.contains(value.strip().toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Arrays.stream(values())
                        .filter(feature -> feature.names.contains(name))
                        .map(feature -> "has no effect here: " + feature.instead)
                        .findFirst();
    }
}

package dev.culvert.app.config;

import static dev.culvert.app.config.TunnelVariable.WIREGUARD_ADDRESSES;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_ALLOWED_IPS;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_DNS;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_ENDPOINT_IP;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_ENDPOINT_PORT;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_INTERFACE;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_MTU;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_PERSISTENT_KEEPALIVE_INTERVAL;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_PRESHARED_KEY;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_PRIVATE_KEY;
import static dev.culvert.app.config.TunnelVariable.WIREGUARD_PUBLIC_KEY;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tunnel with one peer out of environment variables, named as gluetun names them. */
final class EnvironmentParser {
    static final String SOURCE = "environment";

    private final Map<String, String> environment;
    private final SecretVariables variables;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    private EnvironmentParser(Map<String, String> environment, SecretVariables variables) {
        this.environment = environment;
        this.variables = variables;
    }

    /** Whether the environment describes a peer, not merely a private key for a file. */
    static boolean describesTunnel(Map<String, String> environment) {
        return WIREGUARD_PUBLIC_KEY.isIn(environment) || WIREGUARD_ENDPOINT_IP.isIn(environment);
    }

    static TunnelConfig parse(Map<String, String> environment, SecretVariables variables)
            throws ConfigException {
        return new EnvironmentParser(environment, variables).parse();
    }

    private TunnelConfig parse() throws ConfigException {
        unknownNames();
        Secret privateKey = secret(WIREGUARD_PRIVATE_KEY);
        Secret presharedKey = secret(WIREGUARD_PRESHARED_KEY);
        PublicKey publicKey = required(WIREGUARD_PUBLIC_KEY, PublicKey::parse);
        List<IpPrefix> addresses =
                required(WIREGUARD_ADDRESSES, text -> prefixes(text, "10.64.0.2/32"));
        EndpointName endpoint = endpoint();
        List<IpPrefix> allowedIps =
                value(
                        WIREGUARD_ALLOWED_IPS,
                        text -> prefixes(text, "10.0.0.0/8").stream().map(IpText::masked).toList());
        Integer keepalive =
                value(WIREGUARD_PERSISTENT_KEEPALIVE_INTERVAL, EnvironmentParser::seconds);
        OptionalInt mtu = value(WIREGUARD_MTU, EnvironmentParser::mtu);
        List<InetAddress> dns = value(WIREGUARD_DNS, EnvironmentParser::addresses);
        String interfaceName = value(WIREGUARD_INTERFACE, EnvironmentParser::interfaceName);
        require(WIREGUARD_PRIVATE_KEY, privateKey);
        if (!problems.isEmpty()
                || privateKey == null
                || publicKey == null
                || addresses == null
                || endpoint == null
                || allowedIps == null
                || keepalive == null
                || mtu == null
                || dns == null
                || interfaceName == null) {
            abandon(privateKey);
            abandon(presharedKey);
            throw new ConfigException(problems);
        }
        InterfaceConfig local =
                new InterfaceConfig(
                        privateKey,
                        addresses,
                        dns,
                        List.of(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        mtu,
                        new RoutingTable.Auto(),
                        Hooks.NONE,
                        false);
        PeerConfig peer = new PeerConfig(publicKey, presharedKey, endpoint, allowedIps, keepalive);
        return new TunnelConfig(
                SOURCE,
                interfaceName,
                local,
                List.of(peer),
                notices,
                Origins.of(WIREGUARD_ADDRESSES.name()));
    }

    private static void abandon(@Nullable Secret secret) {
        if (secret != null) {
            secret.close();
        }
    }

    private @Nullable EndpointName endpoint() {
        String host = required(WIREGUARD_ENDPOINT_IP, text -> text);
        Integer port =
                required(
                        WIREGUARD_ENDPOINT_PORT,
                        text -> (int) Numbers.decimal(text, 1, 0xffff, "port"));
        if (host == null || port == null) {
            return null;
        }
        try {
            return EndpointName.of(host, port);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(WIREGUARD_ENDPOINT_IP.name(), 0, "", invalid.reason()));
            return null;
        }
    }

    @FunctionalInterface
    private interface ValueReader<T> {
        T read(String text) throws InvalidValueException;
    }

    /** Null: it was reported. */
    private <T> @Nullable T value(TunnelVariable variable, ValueReader<T> reader) {
        return read(variable, variable.definition().absent(), reader);
    }

    /** Null: it was reported. */
    private <T> @Nullable T required(TunnelVariable variable, ValueReader<T> reader) {
        return read(variable, null, reader);
    }

    private <T> @Nullable T read(
            TunnelVariable variable, @Nullable String absent, ValueReader<T> reader) {
        try {
            String given = variables.text(variable.name());
            String text = given == null ? absent : given;
            require(variable, text);
            return text == null ? null : reader.read(text);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(variable.name(), 0, "", invalid.reason()));
        } catch (ConfigException refused) {
            problems.addAll(refused.problems());
        }
        return null;
    }

    private @Nullable Secret secret(TunnelVariable variable) {
        try {
            return variables.secret(variable.name());
        } catch (ConfigException refused) {
            problems.addAll(refused.problems());
            return null;
        }
    }

    /** Unless it was reported already. */
    private void require(TunnelVariable variable, @Nullable Object value) {
        if (value == null
                && problems.stream()
                        .noneMatch(problem -> problem.source().startsWith(variable.name()))) {
            problems.add(new ConfigProblem(variable.name(), 0, "", "is not set"));
        }
    }

    private void unknownNames() {
        List<String> names =
                Arrays.stream(TunnelVariable.values()).map(TunnelVariable::name).toList();
        List<String> known =
                names.stream().flatMap(name -> SecretVariables.forms(name).stream()).toList();
        for (String name : new TreeMap<>(environment).keySet()) {
            if (!name.startsWith(TunnelVariable.PREFIX) || known.contains(name)) {
                continue;
            }
            String nearest = NearestName.of(name, names);
            if (nearest == null || StrangeNames.isOfAService(name)) {
                notices.add(name + ": is not known, and has no effect");
            } else {
                problems.add(
                        new ConfigProblem(
                                name, 0, "", "is not known; did you mean " + nearest + "?"));
            }
        }
    }

    private static List<IpPrefix> prefixes(String text, String example)
            throws InvalidValueException {
        List<IpPrefix> prefixes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            prefixes.add(IpText.prefix(part.strip(), example));
        }
        return List.copyOf(prefixes);
    }

    private static List<InetAddress> addresses(String text) throws InvalidValueException {
        List<InetAddress> addresses = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String part : text.split(",", -1)) {
                addresses.add(IpText.address(part.strip()));
            }
        }
        return List.copyOf(addresses);
    }

    /** {@code 25} or {@code 25s}. */
    private static int seconds(String text) throws InvalidValueException {
        String number = text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
        return (int) Numbers.decimal(number, 0, 0xffff, "time in seconds");
    }

    private static OptionalInt mtu(String text) throws InvalidValueException {
        return text.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) Numbers.decimal(text, 1280, 0xffff, "MTU"));
    }

    static String interfaceName(String text) throws InvalidValueException {
        if (!ConfigLoader.isInterfaceName(text)) {
            throw new InvalidValueException(
                    Quoted.of(text) + " is no interface name: " + ConfigLoader.NAME_RULE);
        }
        return text;
    }
}

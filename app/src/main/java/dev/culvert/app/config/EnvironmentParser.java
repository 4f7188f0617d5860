package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tunnel with one peer out of environment variables, named as gluetun names them. */
final class EnvironmentParser {
    static final String SOURCE = "environment";
    static final String PRIVATE_KEY = "WIREGUARD_PRIVATE_KEY";

    private static final String PRESHARED_KEY = "WIREGUARD_PRESHARED_KEY";
    private static final String PUBLIC_KEY = "WIREGUARD_PUBLIC_KEY";
    private static final String ADDRESSES = "WIREGUARD_ADDRESSES";
    private static final String ENDPOINT_IP = "WIREGUARD_ENDPOINT_IP";
    private static final String ENDPOINT_PORT = "WIREGUARD_ENDPOINT_PORT";
    private static final String ALLOWED_IPS = "WIREGUARD_ALLOWED_IPS";
    private static final String KEEPALIVE = "WIREGUARD_PERSISTENT_KEEPALIVE_INTERVAL";
    private static final String MTU = "WIREGUARD_MTU";
    private static final String DNS = "WIREGUARD_DNS";
    private static final String INTERFACE = "WIREGUARD_INTERFACE";

    private static final List<String> NAMES =
            List.of(
                    PRIVATE_KEY,
                    PRESHARED_KEY,
                    PUBLIC_KEY,
                    ADDRESSES,
                    ENDPOINT_IP,
                    ENDPOINT_PORT,
                    ALLOWED_IPS,
                    KEEPALIVE,
                    MTU,
                    DNS,
                    INTERFACE);

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
        return !environment.getOrDefault(PUBLIC_KEY, "").isEmpty()
                || !environment.getOrDefault(ENDPOINT_IP, "").isEmpty();
    }

    static TunnelConfig parse(Map<String, String> environment, SecretVariables variables)
            throws ConfigException {
        return new EnvironmentParser(environment, variables).parse();
    }

    private TunnelConfig parse() throws ConfigException {
        unknownNames();
        Secret privateKey = secret(PRIVATE_KEY);
        Secret presharedKey = secret(PRESHARED_KEY);
        PublicKey publicKey = value(PUBLIC_KEY, null, PublicKey::parse);
        List<IpPrefix> addresses = value(ADDRESSES, null, text -> prefixes(text, "10.64.0.2/32"));
        EndpointName endpoint = endpoint();
        List<IpPrefix> allowedIps =
                value(
                        ALLOWED_IPS,
                        "0.0.0.0/0,::/0",
                        text -> prefixes(text, "10.0.0.0/8").stream().map(IpText::masked).toList());
        Integer keepalive = value(KEEPALIVE, "0", EnvironmentParser::seconds);
        OptionalInt mtu = value(MTU, "", EnvironmentParser::mtu);
        List<InetAddress> dns = value(DNS, "", EnvironmentParser::addresses);
        String interfaceName = value(INTERFACE, "wg0", EnvironmentParser::interfaceName);
        require(PRIVATE_KEY, privateKey);
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
        return new TunnelConfig(SOURCE, interfaceName, local, List.of(peer), notices);
    }

    private static void abandon(@Nullable Secret secret) {
        if (secret != null) {
            secret.close();
        }
    }

    private @Nullable EndpointName endpoint() {
        String host = value(ENDPOINT_IP, null, text -> text);
        Integer port =
                value(ENDPOINT_PORT, null, text -> (int) Numbers.decimal(text, 1, 0xffff, "port"));
        if (host == null || port == null) {
            return null;
        }
        try {
            return EndpointName.of(host, port);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(ENDPOINT_IP, 0, "", invalid.reason()));
            return null;
        }
    }

    @FunctionalInterface
    private interface ValueReader<T> {
        T read(String text) throws InvalidValueException;
    }

    /** Null: it was reported. Without a default value it is required. */
    private <T> @Nullable T value(String name, @Nullable String absent, ValueReader<T> reader) {
        try {
            String given = variables.text(name);
            String text = given == null ? absent : given;
            require(name, text);
            return text == null ? null : reader.read(text);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(name, 0, "", invalid.reason()));
        } catch (ConfigException refused) {
            problems.addAll(refused.problems());
        }
        return null;
    }

    private @Nullable Secret secret(String name) {
        try {
            return variables.secret(name);
        } catch (ConfigException refused) {
            problems.addAll(refused.problems());
            return null;
        }
    }

    /** Unless it was reported already. */
    private void require(String name, @Nullable Object value) {
        if (value == null
                && problems.stream().noneMatch(problem -> problem.source().startsWith(name))) {
            problems.add(new ConfigProblem(name, 0, "", "is not set"));
        }
    }

    /** Kubernetes and Docker links make variables of the same prefix for a service "wireguard". */
    private void unknownNames() {
        List<String> known =
                NAMES.stream().flatMap(name -> SecretVariables.forms(name).stream()).toList();
        for (String name : new TreeMap<>(environment).keySet()) {
            if (!name.startsWith("WIREGUARD_") || known.contains(name)) {
                continue;
            }
            String nearest = NearestName.of(name, NAMES);
            if (nearest == null || name.matches("WIREGUARD_(SERVICE|PORT)(_.*)?")) {
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

package dev.culvert.app.config;

import dev.culvert.app.config.ServerSettings.Keepalive;
import dev.culvert.app.config.ServerSettings.RemoteClient;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the variables of a server, and collects what is wrong with them. */
final class ServerSettingsReader {
    private static final String PEERS = "PEERS";
    private static final String SERVER_URL = "SERVERURL";
    private static final String SERVER_PORT = "SERVERPORT";
    private static final String PEER_DNS = "PEERDNS";
    private static final String SUBNET = "INTERNAL_SUBNET";
    private static final String ALLOWED_IPS = "ALLOWEDIPS";
    private static final String KEEPALIVE = "PERSISTENTKEEPALIVE_PEERS";
    private static final String LOG_CONFS = "LOG_CONFS";
    private static final String SITES = "SERVER_ALLOWEDIPS_PEER_";
    private static final String CLIENT_KEY = "WG_CLIENT_PUBKEY";
    private static final String CLIENT_IP = "WG_CLIENT_IP";
    private static final String LISTEN_PORT = "WG_SERVER_PORT";

    /** Any of these asks for a server. */
    static final List<String> SIGNS = List.of(PEERS, SERVER_URL, CLIENT_KEY);

    private static final List<String> NAMES =
            List.of(
                    PEERS,
                    SERVER_URL,
                    SERVER_PORT,
                    PEER_DNS,
                    SUBNET,
                    ALLOWED_IPS,
                    KEEPALIVE,
                    LOG_CONFS,
                    CLIENT_KEY,
                    CLIENT_IP,
                    LISTEN_PORT);

    private static final String DEFAULT_PORT = "51820";
    private static final String DEFAULT_SUBNET = "10.13.13.0";
    private static final String AUTO = "auto";
    private static final int MOST_PEERS = 10_000;

    private final Map<String, String> environment;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    ServerSettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    @FunctionalInterface
    private interface ValueReader<T> {
        T read(String text) throws InvalidValueException;
    }

    ServerSettings read() throws ConfigException {
        nearNames();
        int listenPort = port(LISTEN_PORT, DEFAULT_PORT);
        RemoteClient remote = remote();
        List<IpPrefix> pool =
                value(SUBNET, defaultSubnet(remote), ServerSettingsReader::pool, List.of());
        ServerSettings settings =
                new ServerSettings(
                        value(
                                "WIREGUARD_INTERFACE",
                                "wg0",
                                EnvironmentParser::interfaceName,
                                "wg0"),
                        pool,
                        listenPort,
                        serverUrl(),
                        port(SERVER_PORT, Integer.toString(listenPort)),
                        value(PEERS, "", ServerSettingsReader::peers, List.of()),
                        peerDns(),
                        value(
                                ALLOWED_IPS,
                                "0.0.0.0/0, ::/0",
                                text -> networks(text, "10.0.0.0/8"),
                                List.of()),
                        sites(),
                        keepalive(),
                        value(LOG_CONFS, "false", ServerSettingsReader::yesOrNo, false),
                        remote,
                        List.copyOf(notices));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return settings;
    }

    private <T> T value(String name, String absent, ValueReader<T> reader, T instead) {
        String given = environment.getOrDefault(name, "").strip();
        try {
            return reader.read(given.isEmpty() ? absent : given);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(name, 0, "", invalid.reason()));
            return instead;
        }
    }

    private int port(String name, String absent) {
        return value(name, absent, text -> (int) Numbers.decimal(text, 1, 0xffff, "port"), 1);
    }

    private @Nullable String serverUrl() {
        String host = value(SERVER_URL, AUTO, ServerSettingsReader::host, AUTO);
        return host.equals(AUTO) ? null : host;
    }

    private static String host(String text) throws InvalidValueException {
        String host =
                text.startsWith("[") && text.endsWith("]")
                        ? text.substring(1, text.length() - 1)
                        : text;
        if (IpText.parse(host) == null && !EndpointName.isName(host)) {
            throw new InvalidValueException(
                    Quoted.of(text)
                            + " is neither an address nor a host name, without http:// and port"
                            + " (that is SERVERPORT)");
        }
        return host;
    }

    private static List<ClientName> peers(String text) throws InvalidValueException {
        if (text.matches("[0-9]+")) {
            int count = (int) Numbers.decimal(text, 0, MOST_PEERS, "count of clients");
            List<ClientName> numbered = new ArrayList<>();
            for (int number = 1; number <= count; number++) {
                numbered.add(new ClientName(Integer.toString(number)));
            }
            return List.copyOf(numbered);
        }
        Set<ClientName> names = new LinkedHashSet<>();
        for (String word : words(text)) {
            ClientName name = ClientName.parse(word);
            if (!names.add(name)) {
                throw new InvalidValueException("names " + name + " twice");
            }
        }
        return List.copyOf(names);
    }

    private List<String> peerDns() {
        if (environment.getOrDefault(PEER_DNS, "").strip().equals(AUTO)) {
            notices.add(
                    PEER_DNS
                            + ": auto: there is no DNS server in here: clients keep the one they"
                            + " have. "
                            + PEER_DNS
                            + "=9.9.9.9, for example, gives them another");
            return List.of();
        }
        return value(
                PEER_DNS,
                "",
                text -> {
                    for (String word : words(text)) {
                        if (IpText.parse(word) == null && !EndpointName.isName(word)) {
                            throw new InvalidValueException(
                                    Quoted.of(word)
                                            + " is neither the address of a server nor a search"
                                            + " domain");
                        }
                    }
                    return words(text);
                },
                List.of());
    }

    private static List<IpPrefix> pool(String text) throws InvalidValueException {
        List<IpPrefix> pool = new ArrayList<>();
        Set<Integer> families = new HashSet<>();
        for (String word : words(text)) {
            // As linuxserver/wireguard writes it: 10.13.13.0 is 10.13.13.0/24.
            String whole = word.indexOf('/') >= 0 ? word : word + (isV6(word) ? "/64" : "/24");
            IpPrefix prefix = IpText.masked(IpText.prefix(whole, "10.13.13.0/24"));
            int most = prefix.address().getAddress().length * 8 - 2;
            if (prefix.length() > most || prefix.length() < 8) {
                throw new InvalidValueException(
                        prefix + " is no pool of addresses: from /8 to /" + most);
            }
            if (!families.add(prefix.family())) {
                throw new InvalidValueException(
                        "has two networks of one family; one of IPv4 and one of IPv6 is the most");
            }
            pool.add(prefix);
        }
        return List.copyOf(pool);
    }

    private static boolean isV6(String text) {
        return text.indexOf(':') >= 0;
    }

    /** That of the remote client's address, if it has one. */
    private static String defaultSubnet(@Nullable RemoteClient remote) {
        if (remote == null || remote.addresses().isEmpty()) {
            return DEFAULT_SUBNET;
        }
        List<String> networks =
                remote.addresses().stream()
                        .map(address -> address.address().getHostAddress())
                        .toList();
        return String.join(",", networks);
    }

    private @Nullable RemoteClient remote() {
        String key = environment.getOrDefault(CLIENT_KEY, "").strip();
        List<IpPrefix> addresses =
                value(CLIENT_IP, "", text -> addresses(text, "10.8.0.2"), List.of());
        if (key.isEmpty()) {
            if (!addresses.isEmpty()) {
                problems.add(
                        new ConfigProblem(
                                CLIENT_IP,
                                0,
                                "",
                                "is set without " + CLIENT_KEY + ", whose it is"));
            }
            return null;
        }
        if (addresses.isEmpty()) {
            problems.add(
                    new ConfigProblem(
                            CLIENT_IP,
                            0,
                            "",
                            "is not set: the address of the client in the tunnel, such as"
                                    + " 10.8.0.2"));
            return null;
        }
        try {
            return new RemoteClient(PublicKey.parse(key), addresses);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(CLIENT_KEY, 0, "", invalid.reason()));
            return null;
        }
    }

    private static List<IpPrefix> addresses(String text, String example)
            throws InvalidValueException {
        List<IpPrefix> addresses = new ArrayList<>();
        for (String word : words(text)) {
            IpPrefix given = IpText.prefix(word, example);
            addresses.add(new IpPrefix(given.address(), given.address().getAddress().length * 8));
        }
        return List.copyOf(addresses);
    }

    private static List<IpPrefix> networks(String text, String example)
            throws InvalidValueException {
        List<IpPrefix> networks = new ArrayList<>();
        for (String word : words(text)) {
            networks.add(IpText.masked(IpText.prefix(word, example)));
        }
        return List.copyOf(networks);
    }

    private Map<String, List<IpPrefix>> sites() {
        Map<String, List<IpPrefix>> sites = new LinkedHashMap<>();
        for (String name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith(SITES)) {
                sites.put(
                        name.substring(SITES.length()),
                        value(name, "", text -> networks(text, "192.168.50.0/24"), List.of()));
            }
        }
        return sites;
    }

    private Keepalive keepalive() {
        List<String> names = words(environment.getOrDefault(KEEPALIVE, ""));
        return new Keepalive(names.contains("all"), Set.copyOf(names));
    }

    private static boolean yesOrNo(String text) throws InvalidValueException {
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new InvalidValueException(Quoted.of(text) + ": true or false");
        };
    }

    /** Separated by commas, semicolons or blanks. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split("[,;\\s]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return List.copyOf(words);
    }

    /** Not a mistake: these may be the variables of another program. */
    private void nearNames() {
        for (String name : new TreeMap<>(environment).keySet()) {
            String folded = name.replace("_", "");
            for (String known : NAMES) {
                if (!name.equals(known) && folded.equals(known.replace("_", ""))) {
                    notices.add(name + ": is not known; did you mean " + known + "?");
                }
            }
        }
    }
}

package dev.culvert.app.config;

import static dev.culvert.app.config.ServerVariable.ALLOWEDIPS;
import static dev.culvert.app.config.ServerVariable.INTERNAL_SUBNET;
import static dev.culvert.app.config.ServerVariable.LOG_CONFS;
import static dev.culvert.app.config.ServerVariable.PEERDNS;
import static dev.culvert.app.config.ServerVariable.PEERS;
import static dev.culvert.app.config.ServerVariable.PERSISTENTKEEPALIVE_PEERS;
import static dev.culvert.app.config.ServerVariable.SERVERPORT;
import static dev.culvert.app.config.ServerVariable.SERVERURL;
import static dev.culvert.app.config.ServerVariable.SERVER_ALLOWEDIPS_PEER_;
import static dev.culvert.app.config.ServerVariable.WG_CLIENT_IP;
import static dev.culvert.app.config.ServerVariable.WG_CLIENT_PUBKEY;
import static dev.culvert.app.config.ServerVariable.WG_SERVER_PORT;

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
    /** Any of these asks for a server. */
    static final List<ServerVariable> SIGNS = List.of(PEERS, SERVERURL, WG_CLIENT_PUBKEY);

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
        int listenPort = port(WG_SERVER_PORT, WG_SERVER_PORT.definition().absent());
        RemoteClient remote = remote();
        List<IpPrefix> pool =
                read(INTERNAL_SUBNET, defaultSubnet(remote), ServerSettingsReader::pool, List.of());
        ServerSettings settings =
                new ServerSettings(
                        value(
                                TunnelVariable.WIREGUARD_INTERFACE,
                                EnvironmentParser::interfaceName,
                                ""),
                        pool,
                        listenPort,
                        serverUrl(),
                        port(SERVERPORT, Integer.toString(listenPort)),
                        value(PEERS, ServerSettingsReader::peers, List.of()),
                        peerDns(),
                        value(ALLOWEDIPS, text -> networks(text, "10.0.0.0/8"), List.of()),
                        sites(),
                        keepalive(),
                        value(
                                LOG_CONFS,
                                text -> LOG_CONFS.definition().choice(text).equals("true"),
                                false),
                        remote,
                        List.copyOf(notices));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return settings;
    }

    private <T> T value(Variable variable, ValueReader<T> reader, T instead) {
        return read(variable, variable.definition().absent(), reader, instead);
    }

    private <T> T read(Variable variable, String absent, ValueReader<T> reader, T instead) {
        String text = variable.isIn(environment) ? variable.in(environment) : absent;
        return read(variable.name(), text, reader, instead);
    }

    private <T> T read(String name, String text, ValueReader<T> reader, T instead) {
        try {
            return reader.read(text);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(name, 0, "", invalid.reason()));
            return instead;
        }
    }

    private int port(Variable variable, String absent) {
        return read(variable, absent, text -> (int) Numbers.decimal(text, 1, 0xffff, "port"), 1);
    }

    private @Nullable String serverUrl() {
        String host = value(SERVERURL, ServerSettingsReader::host, AUTO);
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
        if (PEERDNS.in(environment).equals(AUTO)) {
            notices.add(
                    PEERDNS
                            + ": auto: there is no DNS server in here: clients keep the one they"
                            + " have. "
                            + PEERDNS
                            + "=9.9.9.9, for example, gives them another");
            return List.of();
        }
        return value(
                PEERDNS,
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
            return INTERNAL_SUBNET.definition().absent();
        }
        List<String> networks =
                remote.addresses().stream()
                        .map(address -> address.address().getHostAddress())
                        .toList();
        return String.join(",", networks);
    }

    private @Nullable RemoteClient remote() {
        String key = WG_CLIENT_PUBKEY.in(environment);
        List<IpPrefix> addresses =
                value(WG_CLIENT_IP, text -> addresses(text, "10.8.0.2"), List.of());
        if (key.isEmpty()) {
            if (!addresses.isEmpty()) {
                problems.add(
                        new ConfigProblem(
                                WG_CLIENT_IP.name(),
                                0,
                                "",
                                "is set without " + WG_CLIENT_PUBKEY + ", whose it is"));
            }
            return null;
        }
        if (addresses.isEmpty()) {
            problems.add(
                    new ConfigProblem(
                            WG_CLIENT_IP.name(),
                            0,
                            "",
                            "is not set: the address of the client in the tunnel, such as"
                                    + " 10.8.0.2"));
            return null;
        }
        try {
            return new RemoteClient(PublicKey.parse(key), addresses);
        } catch (InvalidValueException invalid) {
            problems.add(new ConfigProblem(WG_CLIENT_PUBKEY.name(), 0, "", invalid.reason()));
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
            if (name.startsWith(SERVER_ALLOWEDIPS_PEER_.name())) {
                sites.put(
                        name.substring(SERVER_ALLOWEDIPS_PEER_.name().length()),
                        read(
                                name,
                                environment.getOrDefault(name, "").strip(),
                                text -> networks(text, "192.168.50.0/24"),
                                List.of()));
            }
        }
        return sites;
    }

    private Keepalive keepalive() {
        List<String> names = words(PERSISTENTKEEPALIVE_PEERS.in(environment));
        return new Keepalive(names.contains("all"), Set.copyOf(names));
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
}

package dev.culvert.app.server;

import dev.culvert.app.config.ClientName;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.Hooks;
import dev.culvert.app.config.InterfaceConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.RoutingTable;
import dev.culvert.app.config.Secret;
import dev.culvert.app.config.ServerSettings;
import dev.culvert.app.config.ServerVariable;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The clients as they are kept, and the tunnel that they make. */
public final class Server {
    private static final ClientName REMOTE = new ClientName("client");

    private final ServerSettings settings;
    private final Path folder;
    private final ClientStore store;
    private final OwnNetworks networks;

    /**
     * What is said of a client.
     *
     * @param active false: {@code PEERS} does not name it any more
     */
    public record Entry(ClientName name, String addresses, PublicKey publicKey, boolean active) {}

    private Server(ServerSettings settings, Path folder, OwnNetworks networks) {
        this.settings = settings;
        this.folder = folder;
        this.networks = networks;
        store = new ClientStore(folder);
    }

    /**
     * Reads the variables and finds the folder; changes nothing.
     *
     * @param root {@code /}
     */
    public static Server open(Path root, Map<String, String> environment) throws ConfigException {
        if (!ServerSettings.areGiven(environment)) {
            throw new ConfigException(
                    "PEERS", "is not set, nor is SERVERURL or WG_CLIENT_PUBKEY: this is no server");
        }
        ServerSettings settings = ServerSettings.of(environment);
        return new Server(
                settings,
                StateFolder.find(root, environment),
                OwnNetworks.beside(settings.interfaceName()));
    }

    /** The tunnel. Keys and clients that are missing are made. */
    public TunnelConfig load() throws ConfigException {
        try (StateFiles.Lock _ = StateFiles.lock(folder)) {
            StateFiles.removeUnfinished(folder);
            List<Client> clients = new ArrayList<>(store.clients());
            List<Client> made = missing(clients, pool(clients));
            Secret serverKey = store.serverKey();
            try {
                PublicKey publicKey = Keys.publicKey(serverKey);
                for (Client client : made) {
                    store.create(client, text(publicKey, client));
                    print(client, publicKey);
                }
                for (Client client : clients) {
                    if (isActive(client) && store.update(client, text(publicKey, client))) {
                        print(client, publicKey);
                    }
                }
                clients.addAll(made);
                clients.sort((a, b) -> a.name().compareTo(b.name()));
                return tunnel(serverKey, clients);
            } catch (ConfigException refused) {
                serverKey.close();
                clients.forEach(Client::close);
                throw refused;
            }
        }
    }

    /** Those of {@code PEERS} that there are not yet. */
    private List<Client> missing(List<Client> present, AddressPool pool) throws ConfigException {
        List<Client> made = new ArrayList<>();
        for (ClientName name : settings.peers()) {
            if (present.stream().noneMatch(client -> client.name().equals(name))) {
                made.add(newClient(name, pool.next(), false));
            }
        }
        return made;
    }

    private static Client newClient(ClientName name, List<InetAddress> addresses, boolean added) {
        Secret privateKey = Keys.newPrivateKey();
        return new Client(
                name,
                Keys.publicKey(privateKey),
                privateKey,
                Keys.newPresharedKey(),
                addresses,
                added);
    }

    /** What is left of it. Also finds what does not fit together. */
    private AddressPool pool(List<Client> clients) throws ConfigException {
        networks.refuseOverlap(settings.pool());
        AddressPool pool = new AddressPool(settings.pool());
        ServerSettings.RemoteClient remote = settings.remote();
        if (remote != null) {
            for (IpPrefix address : remote.addresses()) {
                take(pool, ServerVariable.WG_CLIENT_IP.name(), address.address());
            }
        }
        for (Client client : clients) {
            for (InetAddress address : client.addresses()) {
                take(pool, store.configuration(client.name()).toString(), address);
            }
        }
        return pool;
    }

    private void take(AddressPool pool, String source, InetAddress address) throws ConfigException {
        if (!pool.contains(address)) {
            throw new ConfigException(
                    source,
                    address.getHostAddress()
                            + " is not within "
                            + AddressPool.VARIABLE
                            + " "
                            + String.join(
                                    ", ", settings.pool().stream().map(IpPrefix::toString).toList())
                            + ": set that back, or remove the client and add it again");
        }
        if (!pool.take(address)) {
            throw new ConfigException(
                    source,
                    address.getHostAddress() + " is the server's own address, or another client's");
        }
    }

    private boolean isActive(Client client) {
        return client.added() || settings.peers().contains(client.name());
    }

    private String text(PublicKey server, Client client) throws ConfigException {
        String host = settings.serverUrl();
        return ClientConfiguration.text(
                settings, host == null ? networks.address() : host, server, client);
    }

    /** Only if the user asks for keys on the terminal. */
    private void print(Client client, PublicKey server) throws ConfigException {
        if (settings.printed() && client.privateKey() != null) {
            System.out.println(client.name() + ":");
            System.out.print(QrCode.of(text(server, client)).terminal());
        }
    }

    private TunnelConfig tunnel(Secret serverKey, List<Client> clients) throws ConfigException {
        List<String> notices = new ArrayList<>(settings.notices());
        PeerList peers = new PeerList(settings);
        for (Client client : clients) {
            if (isActive(client)) {
                peers.add(client);
            } else {
                notices.add(
                        "PEERS: does not name "
                                + client.name()
                                + " any more: it cannot connect, its keys are kept");
            }
        }
        Client remote = remote();
        if (remote != null) {
            peers.add(remote);
            writeRemote(Keys.publicKey(serverKey), remote);
        }
        notices.addAll(peers.notices());
        if (settings.serverUrl() == null) {
            notices.add(
                    "SERVERURL: is not set: clients are told to call "
                            + networks.address()
                            + ", which is an address of this machine");
        }
        AddressPool pool = new AddressPool(settings.pool());
        InterfaceConfig local =
                new InterfaceConfig(
                        serverKey,
                        pool.server(),
                        List.of(),
                        List.of(),
                        OptionalInt.of(settings.listenPort()),
                        OptionalLong.empty(),
                        OptionalInt.empty(),
                        new RoutingTable.Auto(),
                        Hooks.NONE,
                        false);
        return new TunnelConfig(
                folder.toString(),
                settings.interfaceName(),
                local,
                peers.peers(),
                List.copyOf(notices));
    }

    private @Nullable Client remote() {
        ServerSettings.RemoteClient remote = settings.remote();
        return remote == null
                ? null
                : new Client(
                        REMOTE,
                        remote.publicKey(),
                        null,
                        null,
                        remote.addresses().stream().map(IpPrefix::address).toList(),
                        true);
    }

    private void writeRemote(PublicKey server, Client remote) throws ConfigException {
        if (!StateFolder.isSearched(folder)) {
            StateFiles.write(
                    folder.resolve("client.conf"),
                    text(server, remote).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Keeps a new client.
     *
     * @param publicKey of a client that keeps its private key to itself; null: both are made
     * @return where its configuration is
     */
    public Path add(ClientName name, @Nullable PublicKey publicKey) throws ConfigException {
        try (StateFiles.Lock _ = StateFiles.lock(folder)) {
            List<Client> clients = store.clients();
            try (Secret serverKey = store.serverKey()) {
                refuseTwice(clients, name, publicKey);
                List<InetAddress> addresses = pool(clients).next();
                try (Client client =
                        publicKey == null
                                ? newClient(name, addresses, true)
                                : new Client(name, publicKey, null, null, addresses, true)) {
                    store.create(client, text(Keys.publicKey(serverKey), client));
                }
                return store.configuration(name);
            } finally {
                clients.forEach(Client::close);
            }
        }
    }

    private void refuseTwice(List<Client> clients, ClientName name, @Nullable PublicKey publicKey)
            throws ConfigException {
        boolean listed = settings.peers().contains(name);
        boolean remote = settings.remote() != null && name.equals(REMOTE);
        for (Client client : clients) {
            if (client.name().equals(name)) {
                throw new ConfigException(name.text(), "is there already (culvert client list)");
            }
            if (client.publicKey().equals(publicKey)) {
                throw new ConfigException(name.text(), "has the public key of " + client.name());
            }
        }
        if (listed || remote) {
            throw new ConfigException(
                    name.text(), "is one of PEERS or WG_CLIENT_PUBKEY, which make it themselves");
        }
    }

    /** Forgets a client and its keys. */
    public void remove(ClientName name) throws ConfigException {
        try (StateFiles.Lock _ = StateFiles.lock(folder)) {
            if (settings.peers().contains(name)) {
                throw new ConfigException(
                        name.text(),
                        "is one of PEERS, which would make it again: take it off there");
            }
            require(name);
            store.remove(name);
        }
    }

    private void require(ClientName name) throws ConfigException {
        if (clients().stream().noneMatch(entry -> entry.name().equals(name))) {
            throw new ConfigException(name.text(), "is no client (culvert client list)");
        }
    }

    /** Those that are kept, by name. */
    public List<Entry> clients() throws ConfigException {
        List<Entry> entries = new ArrayList<>();
        for (Client client : store.clients()) {
            try (client) {
                entries.add(
                        new Entry(
                                client.name(),
                                client.addressText(),
                                client.publicKey(),
                                isActive(client)));
            }
        }
        return entries;
    }

    /** A client's configuration with its keys: to be shown to whoever asks, and never logged. */
    public String configuration(ClientName name) throws ConfigException {
        require(name);
        return ClientStore.text(store.configuration(name));
    }

    /** The same to be scanned, for a terminal. */
    public String qrCode(ClientName name) throws ConfigException {
        return QrCode.of(configuration(name)).terminal();
    }

    /** Says what {@link #load} would find and make, and changes nothing. */
    public String check() throws ConfigException {
        List<Client> clients = store.clients();
        try {
            int made = missing(clients, pool(clients)).size();
            return folder
                    + ": server, interface "
                    + settings.interfaceName()
                    + ", "
                    + clients.size()
                    + " clients, "
                    + made
                    + " to be made";
        } finally {
            clients.forEach(Client::close);
        }
    }

    /** What the user should know of, one line each. */
    public List<String> notices() {
        return settings.notices();
    }
}

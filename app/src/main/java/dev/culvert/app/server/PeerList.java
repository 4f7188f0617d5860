package dev.culvert.app.server;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.ServerSettings;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Clients as the peers of the server's tunnel; what two of them claim is a mistake. */
final class PeerList {
    private static final String SITES = "SERVER_ALLOWEDIPS_PEER_";

    private final ServerSettings settings;
    private final List<PeerConfig> peers = new ArrayList<>();
    private final Map<PublicKey, Client> byKey = new HashMap<>();
    private final Map<IpPrefix, Client> byPrefix = new HashMap<>();
    private final Set<String> names = new TreeSet<>();

    PeerList(ServerSettings settings) {
        this.settings = settings;
    }

    /** Takes over the preshared key, and zeroes the private one. */
    void add(Client client) throws ConfigException {
        Client other = byKey.putIfAbsent(client.publicKey(), client);
        if (other != null) {
            throw new ConfigException(
                    client.name().text(), "has the public key of " + other.name());
        }
        names.add(client.name().text());
        List<IpPrefix> allowed = new ArrayList<>();
        for (InetAddress address : client.addresses()) {
            allowed.add(new IpPrefix(address, address.getAddress().length * 8));
        }
        allowed.addAll(settings.sites().getOrDefault(client.name().text(), List.of()));
        for (IpPrefix prefix : allowed) {
            Client owner = byPrefix.putIfAbsent(prefix, client);
            if (owner != null && !owner.equals(client)) {
                throw new ConfigException(
                        SITES + client.name(), prefix + " belongs to " + owner.name() + " already");
            }
        }
        if (client.privateKey() != null) {
            client.privateKey().close();
        }
        peers.add(
                new PeerConfig(
                        client.publicKey(),
                        client.presharedKey(),
                        null,
                        allowed.stream().distinct().toList(),
                        ClientConfiguration.keepaliveSeconds(settings, client)));
    }

    List<PeerConfig> peers() {
        return List.copyOf(peers);
    }

    /** Networks of clients that there are not. */
    List<String> notices() {
        return settings.sites().keySet().stream()
                .filter(name -> !names.contains(name))
                .map(name -> SITES + name + ": there is no client of this name")
                .toList();
    }
}

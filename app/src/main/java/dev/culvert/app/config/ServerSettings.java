package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server as the environment describes it, in the words of linuxserver/wireguard.
 *
 * @param interfaceName {@code WIREGUARD_INTERFACE}
 * @param pool {@code INTERNAL_SUBNET} without host bits, at most one of each family
 * @param listenPort {@code WG_SERVER_PORT}
 * @param serverUrl {@code SERVERURL}: a name or an address; null: that of the uplink
 * @param serverPort {@code SERVERPORT}: where clients call
 * @param peers {@code PEERS}, without the one of {@code remote}
 * @param peerDns {@code PEERDNS}: servers and search domains
 * @param allowedIps {@code ALLOWEDIPS}: what clients send through the tunnel
 * @param sites {@code SERVER_ALLOWEDIPS_PEER_x}: networks behind a client
 * @param keepalive {@code PERSISTENTKEEPALIVE_PEERS}
 * @param printed {@code LOG_CONFS}: configurations with their keys are printed
 * @param remote {@code WG_CLIENT_PUBKEY}; null: not given
 * @param notices what the user should know of, one line each
 */
public record ServerSettings(
        String interfaceName,
        List<IpPrefix> pool,
        int listenPort,
        @Nullable String serverUrl,
        int serverPort,
        List<ClientName> peers,
        List<String> peerDns,
        List<IpPrefix> allowedIps,
        Map<String, List<IpPrefix>> sites,
        Keepalive keepalive,
        boolean printed,
        @Nullable RemoteClient remote,
        List<String> notices) {

    /** Which clients are kept reachable behind their NAT. */
    public record Keepalive(boolean all, Set<String> names) {
        /** Whether this one is. */
        public boolean includes(ClientName name) {
            return all || names.contains(name.text());
        }
    }

    /**
     * A client that keeps its private key to itself.
     *
     * @param addresses {@code WG_CLIENT_IP}
     */
    public record RemoteClient(PublicKey publicKey, List<IpPrefix> addresses) {}

    /** Whether the environment asks for a server. */
    public static boolean areGiven(Map<String, String> environment) {
        return ServerSettingsReader.SIGNS.stream().anyMatch(sign -> sign.isIn(environment));
    }

    /** Reads the variables, and reports all that are wrong. */
    public static ServerSettings of(Map<String, String> environment) throws ConfigException {
        return new ServerSettingsReader(environment).read();
    }
}

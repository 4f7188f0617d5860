package dev.culvert.app.server;

import dev.culvert.app.config.IpText;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.Secret;
import dev.culvert.app.config.ServerSettings;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** What a client is given: a wg-quick file that holds its private key. */
final class ClientConfiguration {
    private static final int KEEPALIVE_SECONDS = 25;

    private ClientConfiguration() {}

    /**
     * The text, to be written to a file of its owner's or shown on demand, and never logged.
     *
     * @param host where the server is reached, without brackets
     */
    static String text(ServerSettings settings, String host, PublicKey server, Client client) {
        List<String> lines = new ArrayList<>();
        lines.add("[Interface]");
        lines.add("Address = " + addresses(client));
        Secret privateKey = client.privateKey();
        lines.add(
                privateKey == null
                        ? "# PrivateKey = the one that belongs to " + client.publicKey()
                        : "PrivateKey = " + Keys.base64(privateKey));
        if (!settings.peerDns().isEmpty()) {
            lines.add("DNS = " + String.join(", ", settings.peerDns()));
        }
        lines.add("");
        lines.add("[Peer]");
        lines.add("PublicKey = " + server);
        Secret presharedKey = client.presharedKey();
        if (presharedKey != null) {
            lines.add("PresharedKey = " + Keys.base64(presharedKey));
        }
        lines.add("Endpoint = " + endpoint(host, settings.serverPort()));
        lines.add(
                "AllowedIPs = "
                        + String.join(
                                ", ",
                                settings.allowedIps().stream().map(IpText::shortest).toList()));
        if (keepaliveSeconds(settings, client) > 0) {
            lines.add("PersistentKeepalive = " + KEEPALIVE_SECONDS);
        }
        return String.join("\n", lines) + "\n";
    }

    /** 0: off. The same on both sides: whichever is behind a NAT keeps it open. */
    static int keepaliveSeconds(ServerSettings settings, Client client) {
        return settings.keepalive().includes(client.name()) ? KEEPALIVE_SECONDS : 0;
    }

    private static String addresses(Client client) {
        return String.join(
                ", ",
                client.addresses().stream()
                        .map(address ->
                                IpText.shortest(
                                        new IpPrefix(address, address.getAddress().length * 8)))
                        .toList());
    }

    private static String endpoint(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}

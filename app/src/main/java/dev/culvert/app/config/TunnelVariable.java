package dev.culvert.app.config;

import static dev.culvert.app.config.ForeignName.Program.GLUETUN;
import static dev.culvert.app.config.ForeignName.Program.NORDVPN;
import static dev.culvert.app.config.ForeignName.Program.WG_EASY;

/** A tunnel with one peer, as gluetun names its parts. */
public enum TunnelVariable implements Variable {
    WIREGUARD_PRIVATE_KEY(
            Definition.of(
                    "44 characters of base64, a secret",
                    "required; with a file, its `PrivateKey` if it has none")),
    WIREGUARD_ADDRESSES(
            Definition.of("`10.64.0.2/32,fd00::2/128`", "required: the addresses of the tunnel")),
    WIREGUARD_PUBLIC_KEY(Definition.of("44 characters of base64", "required: the key of the peer")),
    WIREGUARD_ENDPOINT_IP(
            Definition.of("an address or a name", "required: where the peer is, see Names")
                    .elsewhere(GLUETUN, "VPN_ENDPOINT_IP")),
    WIREGUARD_ENDPOINT_PORT(
            Definition.of("a port", "required: its UDP port")
                    .elsewhere(GLUETUN, "VPN_ENDPOINT_PORT")),
    WIREGUARD_PRESHARED_KEY(
            Definition.of("44 characters of base64, a secret", "if the peer has one")),
    WIREGUARD_ALLOWED_IPS(
            Definition.of("networks", "what goes through the tunnel").absent("0.0.0.0/0,::/0")),
    WIREGUARD_PERSISTENT_KEEPALIVE_INTERVAL(
            Definition.of("seconds, `25` or `25s`", "keeps the way back open; 0: it does not")
                    .absent("0")),
    WIREGUARD_MTU(
            Definition.of(
                            "1280 to 65535",
                            "of the tunnel; without it the MTU of the way to the endpoint less 80")
                    .elsewhere(WG_EASY, "WG_MTU")),
    WIREGUARD_DNS(
            Definition.of("addresses", "the servers that resolv.conf gets, see Names")
                    .elsewhere(GLUETUN, "DNS_ADDRESS")
                    .elsewhere(NORDVPN, "DNS")),
    WIREGUARD_INTERFACE(
            Definition.of("a name", "of the interface")
                    .absent("wg0")
                    .elsewhere(GLUETUN, "VPN_INTERFACE"));

    /** Of each of them. */
    static final String PREFIX = "WIREGUARD_";

    @SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
    private final Definition definition;

    TunnelVariable(Definition definition) {
        this.definition = definition.orFile();
    }

    @Override
    public Definition definition() {
        return definition;
    }
}

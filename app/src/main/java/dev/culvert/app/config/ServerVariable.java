package dev.culvert.app.config;

import static dev.culvert.app.config.ForeignName.Program.WG_EASY;

/** A server for its own clients, in the words of linuxserver/wireguard. */
public enum ServerVariable implements Variable {
    PEERS(
            Definition.of(
                    "`3`, or `laptop,phone`",
                    "clients that there have to be: numbered, or by name")),
    SERVERURL(
            Definition.of(
                            "a name, an address, `auto`",
                            "where clients call. `auto` is the address of the uplink, with a"
                                    + " warning: nobody on the Internet is asked")
                    .absent("auto")
                    .elsewhere(WG_EASY, "WG_HOST", "INIT_HOST")),
    SERVERPORT(
            Definition.of(
                    "a port",
                    "the UDP port that clients call, if the way in changes it; without it"
                            + " `WG_SERVER_PORT`")),
    WG_SERVER_PORT(
            Definition.of("a port", "the UDP port that the server listens at")
                    .absent("51820")
                    .elsewhere(WG_EASY, "WG_PORT", "INIT_PORT")),
    INTERNAL_SUBNET(
            Definition.of(
                            "one network of IPv4 and, if you like, one of IPv6:"
                                    + " `10.13.13.0/24,fd00:13::/64`",
                            "the addresses inside; without a length a /24. The server has the"
                                    + " first address of each")
                    .absent("10.13.13.0")
                    .elsewhere(WG_EASY, "WG_DEFAULT_ADDRESS", "INIT_IPV4_CIDR")),
    ALLOWEDIPS(
            Definition.of("networks", "what clients send through the tunnel")
                    .absent("0.0.0.0/0, ::/0")
                    .elsewhere(WG_EASY, "WG_ALLOWED_IPS", "INIT_ALLOWED_IPS")),
    SERVER_ALLOWEDIPS_PEER_(Definition.of("networks", "that are behind client x")),
    PEERDNS(
            Definition.of(
                            "servers, search domains, `auto`",
                            "what clients get. Without it, or with `auto`, they keep theirs: there"
                                    + " is no DNS server in here")
                    .elsewhere(WG_EASY, "WG_DEFAULT_DNS", "INIT_DNS")),
    PERSISTENTKEEPALIVE_PEERS(
            Definition.of(
                            "`all`, or names",
                            "clients that are kept reachable behind their NAT, by both ends, every"
                                    + " 25 s")
                    .elsewhere(WG_EASY, "WG_PERSISTENT_KEEPALIVE")),
    LOG_CONFS(
            Definition.flag(
                    "prints the code of each new client to stdout. It holds the private key, and"
                            + " so does the log then")),
    WG_CLIENT_PUBKEY(
            Definition.of(
                    "a public key",
                    "one more client, whose private key the server never sees."
                            + " `/state/client.conf` is its configuration, but for the key")),
    WG_CLIENT_IP(
            Definition.of(
                    "`10.8.0.2`",
                    "its address, which it then has to have. `INTERNAL_SUBNET` is the /24 of it"
                            + " unless it is set")),
    CULVERT_STATE_DIR(
            Definition.of(
                            "a folder",
                            "where keys are kept; without it `/state` if it is there, else"
                                    + " `/config`. It has to be there: mount a volume")
                    .elsewhere(WG_EASY, "WG_PATH"));

    @SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
    private final Definition definition;

    ServerVariable(Definition definition) {
        this.definition = definition;
    }

    @Override
    public Definition definition() {
        return definition;
    }

    @Override
    public String label() {
        return name().endsWith("_") ? name() + "x" : name();
    }
}

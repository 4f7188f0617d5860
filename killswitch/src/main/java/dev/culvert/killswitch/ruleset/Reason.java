package dev.culvert.killswitch.ruleset;

/** Why a packet was held back. Each is a named counter in the ruleset. */
public enum Reason {
    DOCKER_RESOLVER("docker-resolver", "to Docker's resolver, which asks beside the tunnel"),
    TUNNEL_LOOP("tunnel-loop", "an encrypted packet on its way into its own tunnel"),
    OWN_MARK("own-mark", "with the program's mark, but not an encrypted packet to an endpoint"),
    DNS("dns", "DNS beside the tunnel, to a server that is not listed"),
    OFF_TUNNEL("off-tunnel", "IPv4 beside the tunnel"),
    OFF_TUNNEL_IPV6("off-tunnel-ipv6", "IPv6 beside the tunnel"),
    FORWARDED("forwarded", "for somebody else, who may not use the tunnel"),
    TUNNEL_PROBE("tunnel-probe", "for the tunnel's address, but not through the tunnel"),
    UNINVITED("uninvited", "from outside, to a port that is not listed"),
    RAW("raw", "a frame that went past the rules for sockets");

    private final String label;
    private final String description;

    Reason(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** The counter's name. */
    public String label() {
        return label;
    }

    /** Goes on after "held back: ". */
    public String description() {
        return description;
    }
}

package dev.culvert.app.config;

import static dev.culvert.app.config.ForeignName.Program.GLUETUN;
import static dev.culvert.app.config.ForeignName.Program.WG_EASY;

/** What is around the tunnels: the kill switch, the gateway, the process. */
public enum SidecarVariable implements Variable {
    KILLSWITCH(
            Definition.choice("see [security.md](security.md)", "strict", "best-effort", "off")
                    .elsewhere(GLUETUN, "FIREWALL_ENABLED_DISABLING_IT_SHOOTS_YOU_IN_YOUR_FOOT")),
    NETWORK(
            Definition.of(
                            "networks, separated by commas or semicolons",
                            "local networks, reached and answered beside the tunnel in every"
                                    + " state. 0.0.0.0/0 is refused")
                    .alias("FIREWALL_OUTBOUND_SUBNETS", "LOCAL_NETWORK", "NET_LOCAL")),
    FIREWALL_INPUT_PORTS(
            Definition.of(
                    "`8080,6881-6889`", "ports, TCP and UDP, that anybody may call on the uplink")),
    DNS_LOCAL(
            Definition.of(
                    "addresses, `docker`",
                    "servers beside the tunnel that may be asked; `docker` is 127.0.0.11")),
    ENDPOINT_DNS(
            Definition.of(
                    "addresses",
                    "who is asked for the endpoint's name; without it the servers of resolv.conf,"
                            + " see Names")),
    FORWARD_FROM(
            Definition.of(
                    "networks, separated by commas or semicolons",
                    "whose packets are forwarded into the tunnel, see Gateway")),
    NAT_RULES(
            Definition.of("rules, separated by semicolons", "see NAT rules")
                    .elsewhere(WG_EASY, "WG_DEVICE")),
    ROUTE_RULES(Definition.of("rules, separated by semicolons", "see Several tunnels")),
    GATEWAY_DNS(Definition.choice("see Gateway", "off", "forward", "redirect")),
    GATEWAY_DNS_SERVER(Definition.of("an address", "who answers then")),
    ALLOW_HOOKS(
            Definition.flag("runs the commands of the file, see Hooks")
                    .elsewhere(WG_EASY, "WG_PRE_UP", "WG_POST_UP", "WG_PRE_DOWN", "WG_POST_DOWN")),
    CULVERT_RUN_DIR(
            Definition.of(
                            "a folder",
                            "the control socket, for `status`, `reload`, `down`, and what `health`"
                                    + " reads")
                    .absent("/run/culvert")),
    CULVERT_ALLOW_HOST_NETNS(Definition.flag("runs in the machine's own network namespace"));

    @SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
    private final Definition definition;

    SidecarVariable(Definition definition) {
        this.definition = definition;
    }

    @Override
    public Definition definition() {
        return definition;
    }
}

package dev.culvert.app.config;

import static dev.culvert.app.config.SidecarVariable.CULVERT_ALLOW_HOST_NETNS;
import static dev.culvert.app.config.SidecarVariable.DNS_LOCAL;
import static dev.culvert.app.config.SidecarVariable.ENDPOINT_DNS;
import static dev.culvert.app.config.SidecarVariable.FIREWALL_INPUT_PORTS;
import static dev.culvert.app.config.SidecarVariable.FORWARD_FROM;
import static dev.culvert.app.config.SidecarVariable.GATEWAY_DNS;
import static dev.culvert.app.config.SidecarVariable.GATEWAY_DNS_SERVER;
import static dev.culvert.app.config.SidecarVariable.KILLSWITCH;
import static dev.culvert.app.config.SidecarVariable.NAT_RULES;
import static dev.culvert.app.config.SidecarVariable.NETWORK;

import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Forwarding;
import dev.culvert.killswitch.policy.PortRange;
import dev.culvert.killswitch.policy.Subnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about everything but the tunnel.
 *
 * @param strictness {@code KILLSWITCH}
 * @param exemptions {@code NETWORK} and its aliases, {@code FIREWALL_INPUT_PORTS}, {@code
 *     DNS_LOCAL}; {@code FORWARD_FROM} and {@code GATEWAY_DNS}
 * @param endpointDns {@code ENDPOINT_DNS}: who is asked for the names of endpoints; empty: the
 *     servers of resolv.conf
 * @param hostNamespaceAllowed {@code CULVERT_ALLOW_HOST_NETNS=1}
 */
public record SidecarSettings(
        Strictness strictness,
        Exemptions exemptions,
        List<InetAddress> endpointDns,
        boolean hostNamespaceAllowed) {
    /** For when the variables themselves are wrong: nothing is exempt. */
    public static final SidecarSettings STRICTEST =
            new SidecarSettings(Strictness.STRICT, Exemptions.NONE, List.of(), false);

    private static final String DOCKER = "docker";

    /** The same, but with port forwards and bridges as well. */
    public SidecarSettings with(List<Forwarding.Target> targets, List<Forwarding.Bridge> bridges) {
        Forwarding present = exemptions.forwarding();
        return new SidecarSettings(
                strictness,
                new Exemptions(
                        exemptions.lan(),
                        exemptions.inboundPorts(),
                        exemptions.dnsServers(),
                        exemptions.dockerResolver(),
                        new Forwarding(present.sources(), targets, present.dns(), bridges)),
                endpointDns,
                hostNamespaceAllowed);
    }

    /** Reads the variables, and reports all that are wrong. */
    public static SidecarSettings of(Map<String, String> environment) throws ConfigException {
        return new Reader(environment).read();
    }

    private static final class Reader {
        private final Map<String, String> environment;
        private final List<ConfigProblem> problems = new ArrayList<>();

        private Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        SidecarSettings read() throws ConfigException {
            problems.addAll(Variable.mistakes(SidecarVariable.values(), environment));
            Strictness strictness = strictness();
            List<Subnet> lan = new ArrayList<>();
            for (String name : NETWORK.names()) {
                lan.addAll(each(name, text -> localNetwork(Subnet.parse(text))));
            }
            List<PortRange> ports = each(FIREWALL_INPUT_PORTS.name(), PortRange::parse);
            List<InetAddress> dns = new ArrayList<>();
            boolean docker = false;
            for (String word : words(DNS_LOCAL.name())) {
                if (word.equals(DOCKER)) {
                    docker = true;
                } else {
                    dns.addAll(one(DNS_LOCAL.name(), word, Subnet::parseAddress));
                }
            }
            List<InetAddress> endpointDns = each(ENDPOINT_DNS.name(), Subnet::parseAddress);
            Forwarding forwarding = forwarding();
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return new SidecarSettings(
                    strictness,
                    new Exemptions(lan, ports, dns, docker, forwarding),
                    endpointDns,
                    CULVERT_ALLOW_HOST_NETNS.isOn(environment));
        }

        private Strictness strictness() {
            try {
                return Strictness.parse(KILLSWITCH.choice(environment));
            } catch (InvalidValueException reported) {
                return Strictness.STRICT;
            }
        }

        private Forwarding forwarding() {
            List<Subnet> sources =
                    each(FORWARD_FROM.name(), text -> localNetwork(Subnet.parse(text)));
            boolean any = !sources.isEmpty() || environment.containsKey(NAT_RULES.name());
            return new Forwarding(sources, List.of(), gatewayDns(any), List.of());
        }

        /** {@code forward}: what is asked of this namespace; {@code redirect}: all questions. */
        private Optional<Forwarding.Dns> gatewayDns(boolean forwarding) {
            String mode;
            try {
                mode = GATEWAY_DNS.choice(environment);
            } catch (InvalidValueException reported) {
                return Optional.empty();
            }
            if (mode.equals(GATEWAY_DNS.definition().absent())) {
                return Optional.empty();
            }
            if (!forwarding) {
                problem(GATEWAY_DNS, "needs FORWARD_FROM, which says for whom");
            }
            List<InetAddress> servers = each(GATEWAY_DNS_SERVER.name(), Subnet::parseAddress);
            if (servers.size() != 1) {
                problem(
                        GATEWAY_DNS_SERVER,
                        "GATEWAY_DNS=" + mode + " takes one address here, such as 10.64.0.1");
                return Optional.empty();
            }
            return Optional.of(new Forwarding.Dns(servers.getFirst(), mode.equals("redirect")));
        }

        private void problem(SidecarVariable variable, String reason) {
            problems.add(new ConfigProblem(variable.name(), 0, "", reason));
        }

        /** The exemptions know the bounds; asked one by one, the message has its variable. */
        private static Subnet localNetwork(Subnet subnet) {
            Exemptions checked = new Exemptions(List.of(subnet), List.of(), List.of(), false);
            return checked.lan().getFirst();
        }

        @FunctionalInterface
        private interface WordReader<T> {
            T read(String word);
        }

        private <T> List<T> each(String name, WordReader<T> reader) {
            List<T> values = new ArrayList<>();
            for (String word : words(name)) {
                values.addAll(one(name, word, reader));
            }
            return values;
        }

        private <T> List<T> one(String name, String word, WordReader<T> reader) {
            try {
                return List.of(reader.read(word));
            } catch (IllegalArgumentException refused) {
                problems.add(new ConfigProblem(name, 0, "", String.valueOf(refused.getMessage())));
                return List.of();
            }
        }

        /** Separated by commas, semicolons or blanks. */
        private List<String> words(String name) {
            List<String> words = new ArrayList<>();
            for (String word : environment.getOrDefault(name, "").split("[,;\\s]+", -1)) {
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
            return words;
        }
    }
}

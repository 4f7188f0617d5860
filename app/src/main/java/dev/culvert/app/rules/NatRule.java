package dev.culvert.app.rules;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.InvalidValueException;
import dev.culvert.app.config.IpText;
import dev.culvert.app.config.Numbers;
import dev.culvert.app.config.SidecarVariable;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Whose addresses are translated, on which way. */
public sealed interface NatRule {
    /** The variable. */
    String SOURCE = SidecarVariable.NAT_RULES.name();

    /** Clients may be told of errors beside the tunnel: not all of the Internet. */
    int SHORTEST_V4 = 8;

    /** As {@link #SHORTEST_V4}. */
    int SHORTEST_V6 = 7;

    /**
     * {@code masquerade from 10.8.0.0/24 out wg2}: leaves with the address of that link, a tunnel
     * or an uplink.
     *
     * @param out stands in the variable at its position
     */
    record Masquerade(IpPrefix from, Word out) implements NatRule {}

    /**
     * {@code dnat tcp in wg2 :8080 to 10.8.0.2:80}: a port of that tunnel's address is somebody
     * else's.
     *
     * @param protocol {@code tcp} or {@code udp}
     * @param in stands in the variable at its position
     */
    record PortForward(String protocol, Word in, int port, InetAddress target, int targetPort)
            implements NatRule {}

    /**
     * Reads the variable's text.
     *
     * <pre>
     * rules = rule { ";" rule }
     * rule  = "masquerade" "from" network "out" link
     *       | "dnat" ( "tcp" | "udp" ) "in" link ":" port "to" address ":" port
     * </pre>
     *
     * <p>An IPv6 address stands in brackets.
     *
     * @throws ConfigException with the first mistake of each rule
     */
    static List<NatRule> parse(String text) throws ConfigException {
        List<NatRule> rules = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>();
        for (RuleScanner scanner : RuleScanner.rules(SOURCE, text)) {
            try {
                rules.add(rule(scanner, rules));
            } catch (ConfigException invalid) {
                problems.addAll(invalid.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return List.copyOf(rules);
    }

    private static NatRule rule(RuleScanner scanner, List<NatRule> before) throws ConfigException {
        if (scanner.accept("masquerade")) {
            return masquerade(scanner);
        }
        Word first = scanner.peek();
        if (!scanner.accept("dnat")) {
            throw scanner.wrong(first, "a rule begins with \"masquerade\" or \"dnat\"");
        }
        PortForward forward = portForward(scanner);
        for (NatRule rule : before) {
            if (rule instanceof PortForward other
                    && other.protocol().equals(forward.protocol())
                    && other.in().text().equals(forward.in().text())) {
                if (other.port() == forward.port()) {
                    throw scanner.wrong(first, "port " + forward.port() + " has a rule already");
                }
                if (other.target().equals(forward.target())
                        && other.targetPort() == forward.targetPort()) {
                    throw scanner.wrong(
                            first, "its target is that of port " + other.port() + " already");
                }
            }
        }
        return forward;
    }

    private static Masquerade masquerade(RuleScanner scanner) throws ConfigException {
        scanner.expect("from");
        Word fromWord = scanner.peek();
        IpPrefix from = scanner.prefix("10.8.0.0/24");
        int shortest = from.address().getAddress().length == 4 ? SHORTEST_V4 : SHORTEST_V6;
        if (from.length() < shortest) {
            throw scanner.wrong(
                    fromWord, "too large for clients: /" + shortest + " is the shortest prefix");
        }
        scanner.expect("out");
        Word out = scanner.peek();
        scanner.link();
        scanner.end();
        return new Masquerade(from, out);
    }

    private static PortForward portForward(RuleScanner scanner) throws ConfigException {
        String protocol = scanner.accept("tcp") ? "tcp" : "udp";
        if (protocol.equals("udp") && !scanner.accept("udp")) {
            throw scanner.wrong(scanner.peek(), "\"tcp\" or \"udp\" has to stand here");
        }
        scanner.expect("in");
        Word in = scanner.peek();
        scanner.link();
        Word portWord = scanner.next();
        if (!portWord.text().startsWith(":")) {
            throw scanner.wrong(portWord, "the port has to stand here, such as :8080");
        }
        int port = port(scanner, portWord, portWord.text().substring(1));
        scanner.expect("to");
        Word targetWord = scanner.next();
        int colon = targetWord.text().lastIndexOf(':');
        if (colon < 1) {
            throw scanner.wrong(
                    targetWord, "address and port have to stand here, such as 10.8.0.2:80");
        }
        InetAddress target = address(scanner, targetWord, targetWord.text().substring(0, colon));
        int targetPort = port(scanner, targetWord, targetWord.text().substring(colon + 1));
        scanner.end();
        return new PortForward(protocol, in, port, target, targetPort);
    }

    private static int port(RuleScanner scanner, Word word, String text) throws ConfigException {
        try {
            return (int) Numbers.decimal(text, 1, 0xffff, "port");
        } catch (InvalidValueException invalid) {
            throw scanner.wrong(word, invalid.reason());
        }
    }

    private static InetAddress address(RuleScanner scanner, Word word, String text)
            throws ConfigException {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        try {
            InetAddress address =
                    IpText.address(bracketed ? text.substring(1, text.length() - 1) : text);
            if (bracketed != (address.getAddress().length == 16)) {
                throw scanner.wrong(word, "an IPv6 address, and no other, stands in brackets");
            }
            return address;
        } catch (InvalidValueException invalid) {
            throw scanner.wrong(word, invalid.reason());
        }
    }
}

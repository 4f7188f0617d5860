package dev.culvert.app.dns;

import dev.culvert.tun.sys.ErrnoException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All addresses of an endpoint's name: from /etc/hosts, else from the first server that answers.
 */
public final class EndpointResolver {
    private static final int TIMEOUT_MS = 1500;

    private final Path hosts;
    private final MarkedDnsClient client;

    /**
     * @param root {@code /}
     * @param mark of the sockets that ask
     */
    public EndpointResolver(Path root, int mark) {
        hosts = root.resolve("etc/hosts");
        client = new MarkedDnsClient(mark);
    }

    /** A name without addresses; the message is one line. */
    public static final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnresolvedException(String message) {
            super(message);
        }
    }

    /**
     * IPv4 addresses before IPv6 ones.
     *
     * @param servers are asked in this order
     */
    public List<InetAddress> resolve(String name, List<InetAddress> servers)
            throws UnresolvedException {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        List<InetAddress> listed = fromHosts(plain);
        if (!listed.isEmpty()) {
            return listed;
        }
        List<String> failures = new ArrayList<>();
        for (InetAddress server : servers) {
            List<InetAddress> found = new ArrayList<>();
            String failure = ask(server, plain, DnsMessage.A, found);
            if (failure.isEmpty()) {
                failure = ask(server, plain, DnsMessage.AAAA, found);
            }
            if (!found.isEmpty()) {
                return found;
            }
            failures.add(
                    server.getHostAddress()
                            + " "
                            + (failure.isEmpty() ? "knows no address" : failure));
        }
        throw new UnresolvedException(
                name
                        + " cannot be resolved: "
                        + (failures.isEmpty()
                                ? "there is no server to ask"
                                : String.join(", ", failures)));
    }

    /** Empty: it answered. */
    private String ask(InetAddress server, String name, int type, List<InetAddress> found) {
        try {
            return switch (client.ask(server, name, type, TIMEOUT_MS)) {
                case DnsMessage.Answer.Addresses answer -> {
                    found.addAll(answer.addresses());
                    yield "";
                }
                case DnsMessage.Answer.NoSuchName none -> "says that there is no such name";
                case DnsMessage.Answer.Truncated cut -> {
                    found.addAll(cut.addresses());
                    yield "has a long answer, and does not give it over TCP";
                }
                case DnsMessage.Answer.Refused refused -> "refuses with code " + refused.code();
                case null -> "does not answer";
            };
        } catch (ErrnoException refused) {
            return "cannot be asked: " + refused.getMessage();
        }
    }

    private List<InetAddress> fromHosts(String name) {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(hosts)) {
                String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
                for (int i = 1; i < words.length; i++) {
                    if (words[i].equalsIgnoreCase(name)) {
                        found.add(InetAddress.ofLiteral(words[0]));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            return List.of();
        }
        return found;
    }
}

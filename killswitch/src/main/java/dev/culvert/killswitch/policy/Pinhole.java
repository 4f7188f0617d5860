package dev.culvert.killswitch.policy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A way out for sockets with the program's own mark alone, to resolve the name of an endpoint or to
 * ask a provider. The kernel closes it by itself when the time is over, also if the program does
 * not live that long.
 */
public record Pinhole(List<Target> targets, Duration lifetime) {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Transports that a pinhole can be for. */
    public enum Transport {
        TCP,
        UDP
    }

    /** One server. */
    public record Target(InetAddress address, Transport transport, int port) {
        public Target {
            Endpoint checked = new Endpoint(address, port);
            address = checked.address();
        }

        public boolean v4() {
            return address instanceof Inet4Address;
        }
    }

    /**
     * @throws IllegalArgumentException if there is no target, or the time is not between a second
     *     and two minutes
     */
    public Pinhole {
        targets = targets.stream().distinct().toList();
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a pinhole needs a target");
        }
        if (lifetime.toSeconds() < 1 || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a pinhole stays open for 1 to " + LONGEST.toSeconds() + " s, not " + lifetime);
        }
    }

    /** To ask these servers for names, over UDP and, for long answers, TCP. */
    public static Pinhole dns(List<InetAddress> servers, Duration lifetime) {
        return new Pinhole(
                servers.stream()
                        .flatMap(server ->
                                List.of(
                                        new Target(server, Transport.UDP, 53),
                                        new Target(server, Transport.TCP, 53))
                                        .stream())
                        .toList(),
                lifetime);
    }
}

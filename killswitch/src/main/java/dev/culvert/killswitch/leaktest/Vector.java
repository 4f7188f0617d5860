package dev.culvert.killswitch.leaktest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One way out to try. */
public record Vector(IpVersion version, SocketKind socket, Protocol protocol) {
    /** Every combination. */
    public static List<Vector> all() {
        List<Vector> all = new ArrayList<>();
        for (IpVersion version : IpVersion.values()) {
            for (SocketKind socket : SocketKind.values()) {
                for (Protocol protocol : Protocol.values()) {
                    all.add(new Vector(version, socket, protocol));
                }
            }
        }
        return all;
    }

    /** {@code IPv4 packet-bypass dns}. */
    @Override
    public String toString() {
        return version.label()
                + " "
                + socket.name().toLowerCase(Locale.ROOT).replace('_', '-')
                + " "
                + protocol.name().toLowerCase(Locale.ROOT);
    }
}

package dev.culvert.killswitch;

import dev.culvert.killswitch.policy.Armed;
import dev.culvert.killswitch.policy.Connected;
import dev.culvert.killswitch.policy.Connecting;
import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Failed;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.PortRange;
import dev.culvert.killswitch.policy.Reloading;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One policy of each state, over the same uplinks and exemptions. */
public record Policies(List<Uplink> uplinks, Exemptions exemptions, TunnelLink tunnel) {
    public static final int MARK = 0xca6c;

    /** Everything that a user can list, in both families. */
    public static final Exemptions MANY =
            new Exemptions(
                    List.of(
                            Subnet.parse("192.168.0.0/16"),
                            Subnet.parse("192.168.7.0/24"),
                            Subnet.parse("fd00::/8")),
                    List.of(
                            PortRange.parse("8080"),
                            PortRange.parse("6881-6889"),
                            PortRange.parse("6885-6890")),
                    List.of(Subnet.parseAddress("192.168.1.53"), Subnet.parseAddress("fd00::53")),
                    false);

    public static final Endpoint ENDPOINT_V4 =
            new Endpoint(Subnet.parseAddress("198.51.100.1"), 51820);
    public static final Endpoint ENDPOINT_V6 =
            new Endpoint(Subnet.parseAddress("2001:db8::51"), 51820);
    public static final int LISTEN_PORT = 51821;
    static final Endpoint NEXT = new Endpoint(Subnet.parseAddress("198.51.100.2"), 443);
    static final Pinhole PINHOLE =
            Pinhole.dns(
                    List.of(Subnet.parseAddress("9.9.9.9"), Subnet.parseAddress("2620:fe::fe")),
                    Duration.ofSeconds(20));

    /** The five states, in the order of a life. */
    public List<Policy> all() {
        return List.of(armed(), connecting(), connected(), reloading(), failed());
    }

    public Policy armed() {
        return new Armed(uplinks, exemptions);
    }

    public Policy connecting() {
        return new Connecting(
                uplinks,
                exemptions,
                MARK,
                Set.of(ENDPOINT_V4, ENDPOINT_V6),
                Set.of(),
                List.of(tunnel),
                Optional.of(PINHOLE));
    }

    public Policy connected() {
        return new Connected(
                uplinks,
                exemptions,
                MARK,
                Set.of(ENDPOINT_V4, ENDPOINT_V6),
                Set.of(),
                List.of(tunnel));
    }

    /** Connected, and peers call whose addresses are not known. */
    public Policy serving() {
        return new Connected(
                uplinks, exemptions, MARK, Set.of(), Set.of(LISTEN_PORT), List.of(tunnel));
    }

    public Policy reloading() {
        return new Reloading(
                uplinks,
                exemptions,
                MARK,
                Set.of(ENDPOINT_V4, ENDPOINT_V6),
                Set.of(NEXT),
                Set.of(),
                List.of(tunnel),
                Optional.empty());
    }

    public Policy failed() {
        return new Failed(uplinks, exemptions);
    }
}

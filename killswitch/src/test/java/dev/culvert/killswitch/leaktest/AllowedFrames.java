package dev.culvert.killswitch.leaktest;

import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import java.util.Set;

/**
 * What may be seen on the uplink although the switch is closed, written down apart from the rules:
 * questions about the gateway and about callers, answers about ourselves, encrypted packets to the
 * endpoints.
 */
final class AllowedFrames {
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;
    private static final int ROUTER_SOLICITATION = 133;
    private static final int UDP = 17;

    private static final Set<String> ASKED_FOR = Set.of(UplinkLab.OUTSIDE_V4);
    private static final Subnet GATEWAY_V6 = Subnet.parse(UplinkLab.OUTSIDE_V6);
    private static final Subnet OWN_V6 = Subnet.parse(UplinkLab.INSIDE_V6);
    private static final Subnet LINK_LOCAL = Subnet.parse("fe80::/10");

    private AllowedFrames() {}

    static boolean permits(Policy policy, Frame frame) {
        if (frame.arp()) {
            return frame.arpSender().getHostAddress().equals(UplinkLab.INSIDE_V4)
                    && ASKED_FOR.contains(frame.arpTarget().getHostAddress());
        }
        return switch (frame.neighbourDiscovery()) {
            // The kernel also makes sure of a neighbour whose question it has answered, five
            // seconds
            // later: where strangers may call, that may be any.
            case NEIGHBOUR_SOLICITATION ->
                    GATEWAY_V6.contains(frame.neighbourTarget())
                            || (policy.isCalledByStrangers()
                                    && LINK_LOCAL.contains(frame.neighbourTarget()));
            case NEIGHBOUR_ADVERTISEMENT ->
                    OWN_V6.contains(frame.neighbourTarget())
                            || LINK_LOCAL.contains(frame.neighbourTarget());
            case ROUTER_SOLICITATION -> true;
            case 0 ->
                    frame.destination()
                            .filter(to ->
                                    frame.protocol() == UDP
                                            && policy.endpoints().stream()
                                                    .anyMatch(endpoint ->
                                                            endpoint.address().equals(to)
                                                                    && endpoint.port()
                                                                            == frame
                                                                                    .destinationPort())
                                            && frame.firstByte() >= 1
                                            && frame.firstByte() <= 4)
                            .isPresent();
            default -> false;
        };
    }
}

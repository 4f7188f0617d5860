package dev.culvert.killswitch.ruleset;

import java.util.List;

/** Packets for others: none passes, also if the namespace forwards (net.ipv4.ip_forward = 1). */
final class ForwardRules {
    private ForwardRules() {}

    static BaseChain chain() {
        return new BaseChain("forward", List.of(), Rule.reject(Reason.FORWARDED, ""));
    }
}

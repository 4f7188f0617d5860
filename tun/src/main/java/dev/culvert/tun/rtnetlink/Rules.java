package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.SocketConstants;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policy rules. */
public final class Rules {
    private final NetlinkSocket socket;

    Rules(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Of both families. */
    public List<Rule> list() throws RtnetlinkException {
        List<Rule> rules =
                socket.dump(
                        "list rules",
                        () -> header(Netlink.RTM_GETRULE, 0, SocketConstants.AF_UNSPEC, 0, 0, 0, 0),
                        Rule::decode);
        return rules.stream()
                .filter(rule ->
                        rule.family() == SocketConstants.AF_INET
                                || rule.family() == SocketConstants.AF_INET6)
                .toList();
    }

    /** A lookup rule; {@code EEXIST} when an equal one is there. */
    public void add(Rule rule) throws RtnetlinkException {
        socket.request(
                "add rule",
                message(Netlink.RTM_NEWRULE, Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL, rule));
    }

    /** The first rule that has all that this one sets; {@code ENOENT} when there is none. */
    public void delete(Rule rule) throws RtnetlinkException {
        socket.request("delete rule", message(Netlink.RTM_DELRULE, 0, rule));
    }

    private static Message message(int type, int flags, Rule rule) {
        if (!rule.lookup()) {
            throw new IllegalArgumentException("not a lookup: " + rule);
        }
        Message message =
                header(
                                type,
                                flags,
                                rule.family(),
                                length(rule.destination()),
                                length(rule.source()),
                                Rule.FR_ACT_TO_TBL,
                                rule.invert() ? Rule.FIB_RULE_INVERT : 0)
                        .attribute(Rule.FRA_TABLE, rule.table());
        if (rule.priority() != 0) {
            message.attribute(Rule.FRA_PRIORITY, rule.priority());
        }
        if (rule.fwmask() != 0) {
            message.attribute(Rule.FRA_FWMARK, rule.fwmark())
                    .attribute(Rule.FRA_FWMASK, rule.fwmask());
        }
        if (rule.suppressPrefixLength() >= 0) {
            message.attribute(Rule.FRA_SUPPRESS_PREFIXLEN, rule.suppressPrefixLength());
        }
        IpPrefix destination = rule.destination();
        if (destination != null) {
            message.attribute(Rule.FRA_DST, destination.address());
        }
        IpPrefix source = rule.source();
        if (source != null) {
            message.attribute(Rule.FRA_SRC, source.address());
        }
        if (!rule.inputLink().isEmpty()) {
            message.attribute(Rule.FRA_IIFNAME, rule.inputLink());
        }
        if (!rule.outputLink().isEmpty()) {
            message.attribute(Rule.FRA_OIFNAME, rule.outputLink());
        }
        return message;
    }

    private static int length(@Nullable IpPrefix prefix) {
        return prefix == null ? 0 : prefix.length();
    }

    private static Message header(
            int type,
            int flags,
            int family,
            int destinationLength,
            int sourceLength,
            int action,
            int ruleFlags) {
        return new Message(type, flags)
                .u8(family)
                .u8(destinationLength)
                .u8(sourceLength)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(action)
                .u32(ruleFlags);
    }
}

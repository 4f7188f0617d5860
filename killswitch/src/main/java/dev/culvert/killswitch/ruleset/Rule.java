package dev.culvert.killswitch.ruleset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule, in the words of nftables.
 *
 * @param name says in the listing what the rule is for; it is its comment
 * @param match empty: every packet
 * @param verdict what happens to packets that match
 * @param reason counts them; accepted ones are not counted
 */
public record Rule(String name, String match, Verdict verdict, @Nullable Reason reason) {
    static Rule accept(String name, String match) {
        return new Rule(name, match, Verdict.ACCEPT, null);
    }

    static Rule drop(Reason reason, String match) {
        return new Rule(reason.label(), match, Verdict.DROP, reason);
    }

    /** Two rules: applications see a refused connection, or "administratively prohibited". */
    static List<Rule> reject(Reason reason, String match) {
        return List.of(
                new Rule(
                        reason.label() + " tcp",
                        (match + " meta l4proto tcp").strip(),
                        Verdict.REJECT_TCP,
                        reason),
                prohibit(reason, match));
    }

    /** One rule, for what is not TCP, or needs no answer. */
    static Rule prohibit(Reason reason, String match) {
        return new Rule(reason.label(), match, Verdict.REJECT, reason);
    }

    /** As it stands in a chain. */
    String text() {
        StringBuilder text = new StringBuilder();
        if (!match.isEmpty()) {
            text.append(match).append(' ');
        }
        if (reason != null) {
            text.append("counter name \"").append(reason.label()).append("\" ");
        }
        return text.append(verdict.text())
                .append(" comment \"")
                .append(name)
                .append('"')
                .toString();
    }
}

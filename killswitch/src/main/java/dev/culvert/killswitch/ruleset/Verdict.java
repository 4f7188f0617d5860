package dev.culvert.killswitch.ruleset;

/** How a rule ends. */
public enum Verdict {
    ACCEPT("accept"),
    DROP("drop"),
    REJECT("reject with icmpx admin-prohibited"),
    REJECT_TCP("reject with tcp reset");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** As nftables lists it, too. */
    public String text() {
        return text;
    }
}

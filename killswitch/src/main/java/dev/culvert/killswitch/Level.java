package dev.culvert.killswitch;

/** How far the protection by nf_tables reaches. The routes (L0) are not counted here. */
public enum Level {
    /** No rules. */
    NONE("none"),
    /** Every socket of the namespace, but raw ones of family AF_PACKET. */
    L1("L1"),
    /** Raw sockets too. */
    L2("L2");

    private final String label;

    Level(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}

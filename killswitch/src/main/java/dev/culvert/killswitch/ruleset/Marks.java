package dev.culvert.killswitch.ruleset;

/** Packet marks as text. */
final class Marks {
    private Marks() {}

    static String hex(int mark) {
        return "0x" + Integer.toHexString(mark);
    }

    static String match(int mark) {
        return "meta mark " + hex(mark);
    }
}

package dev.culvert.killswitch.ruleset;

/**
 * How L2 tells the packets that L1 has let pass from the frames of raw sockets, which never went
 * through it: L1 leaves a mark on them.
 *
 * @param set the statement that marks, with a blank in front
 * @param match the match for marked packets, with a blank behind
 * @param clear the statement that takes the mark off again, with a blank in front: behind L2 packet
 *     sockets could read it
 */
record Passage(String set, String match, String clear) {
    static final Passage NONE = new Passage("", "", "");

    static Passage marked(int mark) {
        String value = Marks.hex(mark);
        return new Passage(
                " meta mark set " + value, "meta mark " + value + " ", " meta mark set 0x0");
    }
}

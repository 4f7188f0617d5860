package dev.culvert.killswitch.leaktest;

/** What became of one way out, on one uplink. */
public record LeakResult(String uplink, Vector vector, Verdict verdict) {
    /** What the witness says. */
    public enum Verdict {
        /** It did not leave. */
        HELD_BACK("pass"),
        /** It left. */
        LEAKED("FAIL"),
        /** This user cannot even try here. */
        NOT_POSSIBLE("not possible here");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        /** For people. */
        public String label() {
            return label;
        }
    }
}

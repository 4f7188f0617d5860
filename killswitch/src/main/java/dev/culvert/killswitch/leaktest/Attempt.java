package dev.culvert.killswitch.leaktest;

/**
 * What became of a probe in the eyes of its sender.
 *
 * @param errno 0: sent, as far as the sender can tell
 */
public record Attempt(Outcome outcome, int errno) {
    static final Attempt SENT = new Attempt(Outcome.SENT, 0);

    /** How far it came. */
    public enum Outcome {
        /** The kernel has taken it. */
        SENT,
        /** The kernel has refused to send it. */
        REFUSED,
        /** There is no such socket for this user here. */
        NO_SOCKET
    }
}

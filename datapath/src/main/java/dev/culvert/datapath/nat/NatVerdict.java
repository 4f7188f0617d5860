package dev.culvert.datapath.nat;

/** What is to become of a packet that translation has seen. */
public enum NatVerdict {
    /** It goes on, translated or as it was. */
    FORWARD,
    /** It is to be forgotten, and has been counted. */
    DROP,
    /** As {@link #DROP}, and its sender is told: administratively prohibited. */
    PROHIBIT,
    /** It goes back where it came from: its destination is inside too. */
    RETURN,
    /** It is a fragment that waits for the first one; the bytes were copied. */
    HOLD
}

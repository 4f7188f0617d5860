package dev.culvert.killswitch.ruleset;

/** Which tables a transaction puts in place. */
public enum Layers {
    L1,
    L1_AND_L2
}

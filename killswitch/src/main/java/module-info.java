/** The kill switch: what may leave beside the tunnel. */
module dev.culvert.killswitch {
    requires com.fasterxml.jackson.core;
    requires com.sun.jna;
    requires static transitive org.jspecify;

    exports dev.culvert.killswitch;
    exports dev.culvert.killswitch.leaktest;
    exports dev.culvert.killswitch.policy;
    exports dev.culvert.killswitch.ruleset;
}

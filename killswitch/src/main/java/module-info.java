/** The kill switch: what may leave beside the tunnel. */
module dev.culvert.killswitch {
    requires static transitive org.jspecify;
}

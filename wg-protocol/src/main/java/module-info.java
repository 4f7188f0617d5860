/** The WireGuard protocol engine: knows no socket, thread, clock or randomness source. */
module dev.culvert.wg {
    requires org.bouncycastle.provider;
    requires static transitive org.jspecify;

    exports dev.culvert.wg.packet;
    exports dev.culvert.wg.uapi;
}

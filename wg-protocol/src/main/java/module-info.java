/** The WireGuard protocol engine: knows no socket, thread, clock or randomness source. */
module dev.culvert.wg {
    requires org.bouncycastle.provider;
    requires static org.jspecify;

    exports dev.culvert.wg.packet;
}

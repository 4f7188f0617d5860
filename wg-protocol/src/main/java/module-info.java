/** The WireGuard protocol engine: knows no socket, thread, clock or randomness source. */
module dev.culvert.wg {
    requires org.bouncycastle.provider;
    requires static transitive org.jspecify;

    exports dev.culvert.wg.aead;
    exports dev.culvert.wg.allowedips;
    exports dev.culvert.wg.cookie;
    exports dev.culvert.wg.device;
    exports dev.culvert.wg.noise;
    exports dev.culvert.wg.packet;
    exports dev.culvert.wg.peer;
    exports dev.culvert.wg.ratelimiter;
    exports dev.culvert.wg.replay;
    exports dev.culvert.wg.tai64n;
    exports dev.culvert.wg.timers;
    exports dev.culvert.wg.transport;
    exports dev.culvert.wg.uapi;
    exports dev.culvert.wg.x25519;
}

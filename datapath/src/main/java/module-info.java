/** Packets between the TUN device and UDP: shards, sockets, and the two I/O engines. */
module dev.culvert.datapath {
    requires transitive dev.culvert.wg;
    requires transitive dev.culvert.tun;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport;
    requires io.netty.transport.unix.common;
    requires io.netty.common;
    requires io.netty.buffer;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.culvert.datapath;
    exports dev.culvert.datapath.nat;
    exports dev.culvert.datapath.udp;
}

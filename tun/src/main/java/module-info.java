/** TUN device, virtio headers, GSO and GRO, rtnetlink, and the system calls beneath them. */
module dev.culvert.tun {
    requires com.sun.jna;
    requires static transitive org.jspecify;

    exports dev.culvert.tun;
    exports dev.culvert.tun.gro;
    exports dev.culvert.tun.gso;
    exports dev.culvert.tun.packet;
    exports dev.culvert.tun.rtnetlink;
    exports dev.culvert.tun.sys;
    exports dev.culvert.tun.virtio;
}

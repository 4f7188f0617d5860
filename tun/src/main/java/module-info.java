/** TUN device, virtio headers, GSO and GRO, rtnetlink, and the system calls beneath them. */
module dev.culvert.tun {
    requires com.sun.jna;
    requires static transitive org.jspecify;

    exports dev.culvert.tun;
    exports dev.culvert.tun.sys;
}

package dev.culvert.datapath.udp;

/** Which local addresses sockets are bound to. */
public enum UdpAddresses {
    /** All of the host: a peer may send to any of them. */
    ANY,

    /** 127.0.0.1 and ::1: nobody outside of the host, or of the namespace, is heard. */
    LOOPBACK;

    /** The address to bind, 4 or 16 bytes. */
    byte[] of(boolean ipv6) {
        byte[] address = new byte[ipv6 ? 16 : 4];
        if (this == LOOPBACK) {
            address[0] = (byte) (ipv6 ? 0 : 127);
            address[address.length - 1] = 1;
        }
        return address;
    }
}

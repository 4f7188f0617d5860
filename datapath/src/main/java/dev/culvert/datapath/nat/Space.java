package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;

/** Numbers the six port spaces: three protocols, two versions. */
final class Space {
    static final int NONE = -1;
    static final int COUNT = 6;

    private static final int TCP = 0;
    private static final int UDP = 1;
    private static final int ICMP = 2;
    private static final int PER_VERSION = 3;

    private Space() {}

    /** {@link #NONE} for a protocol that has no ports. */
    static int of(boolean v4, int protocol) {
        int first = v4 ? 0 : PER_VERSION;
        return switch (protocol) {
            case Tcp.PROTOCOL -> first + TCP;
            case Udp.PROTOCOL -> first + UDP;
            default -> protocol == (v4 ? Icmp.PROTOCOL_V4 : Icmp.PROTOCOL_V6) ? first + ICMP : NONE;
        };
    }

    static boolean isTcp(int space) {
        return space % PER_VERSION == TCP;
    }

    static boolean isUdp(int space) {
        return space % PER_VERSION == UDP;
    }

    static boolean isIcmp(int space) {
        return space % PER_VERSION == ICMP;
    }

    static boolean isV4(int space) {
        return space < PER_VERSION;
    }
}

package dev.culvert.tun.rtnetlink;

/** What a route does with a packet. */
public enum RouteType {
    UNICAST(1),
    LOCAL(2),
    BROADCAST(3),
    ANYCAST(4),
    MULTICAST(5),
    BLACKHOLE(6),
    UNREACHABLE(7),
    PROHIBIT(8),
    THROW(9);

    private final int code;

    RouteType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static RouteType of(int code) {
        for (RouteType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        // Of later kernels: as far from a route of ours as can be.
        return THROW;
    }
}

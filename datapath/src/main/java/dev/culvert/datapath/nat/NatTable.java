package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Tcp;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Mappings, sessions and ports of one tunnel. Knows no clock and no packet: time and fields are
 * passed in. Not thread-safe: {@link Nat} locks.
 *
 * <p>A mapping lives as long as one of its sessions does. Addresses are 128-bit numbers, IPv4 as
 * IPv4-mapped ({@link Addresses}). "Inside" is the client's side, "outside" the tunnel's.
 */
final class NatTable {
    /** No mapping, and none shall be made. */
    static final int UNKNOWN = -1;

    /** The inside address has its share of the table. */
    static final int OVER_QUOTA = -2;

    /** No port of that range and parity is free, or the table is full. */
    static final int EXHAUSTED = -3;

    /** There is a mapping, but it has not sent there. */
    static final int FILTERED = -4;

    static final long UDP_NS = 300_000_000_000L;
    static final long ICMP_NS = 60_000_000_000L;
    static final long TCP_ESTABLISHED_NS = 7_440_000_000_000L;
    static final long TCP_TRANSITORY_NS = 240_000_000_000L;

    /** A full sweep takes a millisecond or two: not more often than this, however full it is. */
    private static final long FULL_SWEEP_NS = 1_000_000_000L;

    /** Sessions of one mapping that are looked at for an address whose port is not known. */
    private static final int MAX_WALK = 256;

    private final NatLimits limits;
    private final RandomGenerator random;
    private final Mappings mappings;
    private final Sessions sessions;
    private final Sources sources;
    private final @Nullable PortSpace[] spaces = new @Nullable PortSpace[Space.COUNT];
    private int hand;
    private boolean sweptBefore;
    private long sweptNs;

    NatTable(NatLimits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
        Hash hash = new Hash(random.nextLong(), random.nextLong());
        mappings = new Mappings(hash, limits.mappings());
        sessions = new Sessions(hash, limits.sessions());
        sources = new Sources(hash, limits.mappings());
    }

    private PortSpace ports(int space) {
        PortSpace ports = spaces[space];
        if (ports == null) {
            ports = new PortSpace();
            spaces[space] = ports;
        }
        return ports;
    }

    /** A configured port forward. False: the port or its target has one already. */
    boolean forward(int space, int outsidePort, long high, long low, int insidePort) {
        if (ports(space).owner(outsidePort) != Records.NONE
                || mappings.find(space, high, low, insidePort) != Records.NONE) {
            return false;
        }
        int mapping = mappings.add(space, high, low, insidePort, outsidePort, Records.NONE, false);
        ports(space).take(outsidePort, mapping);
        return true;
    }

    /**
     * A packet on its way out.
     *
     * @param remotePort 0 for ICMP
     * @param tcpFlags 0 unless TCP
     * @param own whether the inside address is the tunnel's
     * @param may whether a mapping may be made
     * @return the mapping, or {@link #UNKNOWN}, {@link #OVER_QUOTA}, {@link #EXHAUSTED}
     */
    int outbound(
            int space,
            long high,
            long low,
            int port,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            int tcpFlags,
            boolean own,
            boolean may,
            long nowNs) {
        int mapping = mappings.find(space, high, low, port);
        if (mapping != Records.NONE) {
            if (mappings.isForward(mapping)) {
                return mapping;
            }
            int session = session(mapping, space, remoteHigh, remoteLow, remotePort);
            if (session != Records.NONE) {
                if (!sessions.isExpired(session, nowNs)) {
                    refresh(session, space, tcpFlags, true, nowNs);
                    return mapping;
                }
                removeSession(mapping, session);
            }
            if (!isLive(mapping, nowNs)) {
                mapping = Records.NONE;
            }
        }
        if (!may || (tcpFlags & Tcp.RST) != 0) {
            return mapping == Records.NONE ? UNKNOWN : mapping;
        }
        if (mapping == Records.NONE) {
            mapping = map(space, high, low, port, own, nowNs);
            if (mapping < 0) {
                return mapping;
            }
        }
        return open(mapping, space, remoteHigh, remoteLow, remotePort, tcpFlags, nowNs);
    }

    /** The latest session stands first: mostly it is the one. */
    private int session(int mapping, int space, long high, long low, int port) {
        int keyPort = Space.isTcp(space) ? port : 0;
        int first = mappings.firstSession(mapping);
        return first != Records.NONE && sessions.is(first, mapping, high, low, keyPort)
                ? first
                : sessions.find(mapping, high, low, keyPort);
    }

    private int map(int space, long high, long low, int port, boolean own, long nowNs) {
        int source = sources.of(high, low);
        if (source == Records.NONE) {
            return EXHAUSTED;
        }
        int quota = own ? limits.ownMappings() : limits.mappingsPerSource();
        if (sources.mappings(source) >= quota) {
            sweepAll(nowNs);
            source = sources.of(high, low);
            if (source == Records.NONE || sources.mappings(source) >= quota) {
                return OVER_QUOTA;
            }
        }
        int mapping = Records.NONE;
        int outsidePort = port(space, port, nowNs);
        if (outsidePort >= 0) {
            mapping = mappings.add(space, high, low, port, outsidePort, source, own);
        }
        if (mapping == Records.NONE) {
            sources.forgetIfIdle(source);
            return EXHAUSTED;
        }
        sources.addMapping(source);
        ports(space).take(outsidePort, mapping);
        return mapping;
    }

    /** The same port if it is free. */
    private int port(int space, int wanted, long nowNs) {
        PortSpace ports = ports(space);
        int owner = ports.owner(wanted);
        if (owner == Records.NONE || !isLive(owner, nowNs)) {
            return wanted;
        }
        int another = ports.another(wanted, random);
        if (another < 0 && sweepAll(nowNs)) {
            another = ports.another(wanted, random);
        }
        return another;
    }

    private int open(
            int mapping,
            int space,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            int tcpFlags,
            long nowNs) {
        int source = mappings.source(mapping);
        int quota = mappings.isOwn(mapping) ? limits.ownSessions() : limits.sessionsPerSource();
        boolean over = sources.sessions(source) >= quota;
        int session = Records.NONE;
        if (!over) {
            int keyPort = Space.isTcp(space) ? remotePort : 0;
            session = sessions.add(mappings, mapping, remoteHigh, remoteLow, keyPort);
        }
        if (session == Records.NONE) {
            removeIfIdle(mapping);
            sweepAll(nowNs);
            return over ? OVER_QUOTA : EXHAUSTED;
        }
        sources.addSession(source);
        refresh(session, space, tcpFlags, true, nowNs);
        return mapping;
    }

    private void refresh(int session, int space, int tcpFlags, boolean outbound, long nowNs) {
        if (Space.isTcp(space)) {
            int before = sessions.tcpState(session);
            int after = TcpState.next(before, tcpFlags, outbound);
            if (after != before) {
                sessions.setTcpState(session, after);
            }
            // What trickles in after the end does not keep it.
            if (after != before || !TcpState.isClosing(after)) {
                boolean established = TcpState.isEstablished(after);
                sessions.setDeadline(
                        session, nowNs + (established ? TCP_ESTABLISHED_NS : TCP_TRANSITORY_NS));
            }
        } else if (outbound) {
            sessions.setDeadline(session, nowNs + (Space.isUdp(space) ? UDP_NS : ICMP_NS));
        }
    }

    /**
     * A packet on its way in.
     *
     * @param port outside
     * @return the mapping, {@link #UNKNOWN}: the port is nobody's, or {@link #FILTERED}
     */
    int inbound(
            int space,
            int port,
            long remoteHigh,
            long remoteLow,
            int remotePort,
            int tcpFlags,
            long nowNs) {
        int mapping = outside(space, port, nowNs);
        if (mapping < 0 || mappings.isForward(mapping)) {
            return mapping;
        }
        int session = session(mapping, space, remoteHigh, remoteLow, remotePort);
        if (session != Records.NONE && !sessions.isExpired(session, nowNs)) {
            refresh(session, space, tcpFlags, false, nowNs);
            return mapping;
        }
        return keepsPort(mapping) || permits(mapping, remoteHigh, remoteLow, nowNs)
                ? mapping
                : FILTERED;
    }

    /** The tunnel's own, and not translated: its sockets decide what they take. */
    boolean keepsPort(int mapping) {
        return mappings.isOwn(mapping)
                && mappings.insidePort(mapping) == mappings.outsidePort(mapping);
    }

    /** Who has a port, or {@link #UNKNOWN}. Refreshes nothing. */
    int outside(int space, int port, long nowNs) {
        PortSpace ports = spaces[space];
        int mapping = ports == null ? Records.NONE : ports.owner(port);
        return mapping != Records.NONE && isLive(mapping, nowNs) ? mapping : UNKNOWN;
    }

    /** The mapping of an inside port, or {@link #UNKNOWN}. Refreshes nothing. */
    int inside(int space, long high, long low, int port, long nowNs) {
        int mapping = mappings.find(space, high, low, port);
        return mapping != Records.NONE && isLive(mapping, nowNs) ? mapping : UNKNOWN;
    }

    /** Whether a mapping has sent to an address lately. */
    boolean permits(int mapping, long remoteHigh, long remoteLow, long nowNs) {
        if (mappings.isForward(mapping)) {
            return true;
        }
        int session = mappings.firstSession(mapping);
        for (int i = 0; i < MAX_WALK && session != Records.NONE; i++) {
            if (sessions.isWith(session, remoteHigh, remoteLow)
                    && !sessions.isExpired(session, nowNs)) {
                return true;
            }
            session = sessions.next(session);
        }
        // UDP and ICMP sessions have no port: the index knows them all.
        int known = sessions.find(mapping, remoteHigh, remoteLow, 0);
        return known != Records.NONE && !sessions.isExpired(known, nowNs);
    }

    long insideHigh(int mapping) {
        return mappings.high(mapping);
    }

    long insideLow(int mapping) {
        return mappings.low(mapping);
    }

    int insidePort(int mapping) {
        return mappings.insidePort(mapping);
    }

    int outsidePort(int mapping) {
        return mappings.outsidePort(mapping);
    }

    /** Removes expired sessions up to the first live one; false: it was the end of the mapping. */
    private boolean isLive(int mapping, long nowNs) {
        if (mappings.isForward(mapping)) {
            return true;
        }
        int session = mappings.firstSession(mapping);
        while (session != Records.NONE) {
            if (!sessions.isExpired(session, nowNs)) {
                return true;
            }
            removeSession(mapping, session);
            session = mappings.firstSession(mapping);
        }
        removeIfIdle(mapping);
        return false;
    }

    private void removeSession(int mapping, int session) {
        sessions.remove(mappings, session);
        sources.removeSession(mappings.source(mapping));
    }

    private void removeIfIdle(int mapping) {
        if (mappings.firstSession(mapping) == Records.NONE) {
            ports(mappings.space(mapping)).free(mappings.outsidePort(mapping));
            int source = mappings.source(mapping);
            mappings.remove(mapping);
            sources.removeMapping(source);
        }
    }

    /** Looks at some sessions, in turn, and removes what has expired. */
    void sweep(int budget, long nowNs) {
        for (int i = 0; i < budget; i++) {
            if (hand >= sessions.limit()) {
                hand = 0;
                return;
            }
            int session = hand++;
            if (sessions.isUsed(session) && sessions.isExpired(session, nowNs)) {
                int mapping = sessions.mapping(session);
                removeSession(mapping, session);
                removeIfIdle(mapping);
            }
        }
    }

    /** Looks at all, unless that was just done. */
    private boolean sweepAll(long nowNs) {
        if (sweptBefore && nowNs - sweptNs < FULL_SWEEP_NS) {
            return false;
        }
        sweptBefore = true;
        sweptNs = nowNs;
        hand = 0;
        sweep(sessions.limit(), nowNs);
        return true;
    }

    /** Mappings in a space, expired ones too until they are found. */
    int count(int space) {
        return mappings.count(space);
    }

    int mappings() {
        return mappings.count();
    }

    int sessions() {
        return sessions.count();
    }

    /** Bytes of memory. */
    long sizeBytes() {
        long size = mappings.sizeBytes() + sessions.sizeBytes() + sources.sizeBytes();
        for (PortSpace space : spaces) {
            size += space == null ? 0 : space.sizeBytes();
        }
        return size;
    }
}

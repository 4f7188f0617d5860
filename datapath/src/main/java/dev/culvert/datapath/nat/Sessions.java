package dev.culvert.datapath.nat;

/**
 * Whom a mapping has sent to, and until when that may answer: the filter (address-dependent, RFC
 * 4787 REQ-8) and, for TCP, the state of each connection.
 *
 * <pre>
 * record: remote address (2 longs) | mapping (32) port (16) TCP state (16) | deadline | next, previous
 * </pre>
 *
 * <p>All sessions of a mapping form a list. The port is 0 but for TCP.
 */
final class Sessions {
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int KEY = 2;
    private static final int DEADLINE = 3;
    private static final int LINKS = 4;

    private static final int PORT_SHIFT = 16;
    private static final int MAPPING_SHIFT = 32;
    private static final int FREED = -2;

    private final Hash hash;
    private final HashIndex index = new HashIndex();
    private final Records records;

    Sessions(Hash hash, int capacity) {
        this.hash = hash;
        records = new Records(5, capacity);
    }

    private int hash(int mapping, long high, long low, int port) {
        return hash.of(high, low, (long) mapping << PORT_SHIFT | port);
    }

    boolean is(int session, int mapping, long high, long low, int port) {
        return records.get(session, LOW) == low
                && records.get(session, KEY) >>> PORT_SHIFT
                        == ((long) mapping << (MAPPING_SHIFT - PORT_SHIFT) | port)
                && records.get(session, HIGH) == high;
    }

    boolean isWith(int session, long high, long low) {
        return records.get(session, LOW) == low && records.get(session, HIGH) == high;
    }

    int find(int mapping, long high, long low, int port) {
        int hashed = hash(mapping, high, low, port);
        for (int at = index.start(hashed); ; at = index.next(at)) {
            int record = index.candidate(at, hashed);
            if (record == HashIndex.END) {
                return Records.NONE;
            }
            if (record >= 0 && is(record, mapping, high, low, port)) {
                return record;
            }
        }
    }

    /** At the head of the mapping's list. {@link Records#NONE}: the table is full. */
    int add(Mappings mappings, int mapping, long high, long low, int port) {
        int record = records.allocate();
        if (record == Records.NONE) {
            return record;
        }
        records.set(record, HIGH, high);
        records.set(record, LOW, low);
        records.set(record, KEY, (long) mapping << MAPPING_SHIFT | (long) port << PORT_SHIFT);
        int next = mappings.firstSession(mapping);
        setLinks(record, next, Records.NONE);
        if (next != Records.NONE) {
            setLinks(next, next(next), record);
        }
        mappings.setFirstSession(mapping, record);
        index.add(hash(mapping, high, low, port), record);
        return record;
    }

    void remove(Mappings mappings, int session) {
        int mapping = mapping(session);
        int next = next(session);
        int previous = previous(session);
        if (previous == Records.NONE) {
            mappings.setFirstSession(mapping, next);
        } else {
            setLinks(previous, next, previous(previous));
        }
        if (next != Records.NONE) {
            setLinks(next, next(next), previous);
        }
        index.remove(
                hash(mapping, records.get(session, HIGH), records.get(session, LOW), port(session)),
                session);
        records.set(session, LINKS, FREED);
        records.release(session);
    }

    private void setLinks(int session, int next, int previous) {
        records.set(session, LINKS, ((long) previous << 32) | (next & 0xffff_ffffL));
    }

    int next(int session) {
        return (int) records.get(session, LINKS);
    }

    private int previous(int session) {
        return (int) (records.get(session, LINKS) >> 32);
    }

    int mapping(int session) {
        return (int) (records.get(session, KEY) >>> MAPPING_SHIFT);
    }

    private int port(int session) {
        return (int) (records.get(session, KEY) >>> PORT_SHIFT) & 0xffff;
    }

    int tcpState(int session) {
        return (int) records.get(session, KEY) & 0xffff;
    }

    void setTcpState(int session, int state) {
        records.set(session, KEY, (records.get(session, KEY) & ~0xffffL) | state);
    }

    void setDeadline(int session, long deadlineNs) {
        records.set(session, DEADLINE, deadlineNs);
    }

    boolean isExpired(int session, long nowNs) {
        return records.get(session, DEADLINE) - nowNs <= 0;
    }

    /** Whether a number below {@link #limit} is a session at the moment. */
    boolean isUsed(int record) {
        return records.get(record, LINKS) != FREED;
    }

    int limit() {
        return records.limit();
    }

    int count() {
        return records.count();
    }

    int capacity() {
        return records.capacity();
    }

    long sizeBytes() {
        return index.sizeBytes() + records.sizeBytes();
    }
}

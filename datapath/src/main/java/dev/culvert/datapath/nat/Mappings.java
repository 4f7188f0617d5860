package dev.culvert.datapath.nat;

/**
 * Which inside address and port has which port outside (endpoint-independent, RFC 4787 REQ-1).
 *
 * <pre>
 * record: address (2 longs) | source (16..) flags, space, inside port, outside port | first session
 * </pre>
 */
final class Mappings {
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int KEY = 2;
    private static final int SESSIONS = 3;

    private static final int INSIDE_SHIFT = 16;
    private static final int SPACE_SHIFT = 32;
    private static final int SOURCE_SHIFT = 40;
    private static final long OWN = 1L << 36;
    private static final long FORWARD = 1L << 37;

    private final Hash hash;
    private final HashIndex index = new HashIndex();
    private final Records records;
    private final int[] countBySpace = new int[Space.COUNT];

    Mappings(Hash hash, int capacity) {
        this.hash = hash;
        records = new Records(4, capacity);
    }

    private int hash(int space, long high, long low, int port) {
        return hash.of(high, low, (long) space << INSIDE_SHIFT | port);
    }

    int find(int space, long high, long low, int port) {
        int hashed = hash(space, high, low, port);
        for (int at = index.start(hashed); ; at = index.next(at)) {
            int record = index.candidate(at, hashed);
            if (record == HashIndex.END) {
                return Records.NONE;
            }
            if (record >= 0
                    && records.get(record, LOW) == low
                    && records.get(record, HIGH) == high
                    && insidePort(record) == port
                    && space(record) == space) {
                return record;
            }
        }
    }

    /**
     * Makes a mapping, which has no session yet.
     *
     * @param source whose share it counts towards, or {@link Records#NONE}: a port forward
     * @return {@link Records#NONE}: the table is full
     */
    int add(
            int space,
            long high,
            long low,
            int insidePort,
            int outsidePort,
            int source,
            boolean own) {
        int record = records.allocate();
        if (record != Records.NONE) {
            records.set(record, HIGH, high);
            records.set(record, LOW, low);
            long flags = (own ? OWN : 0) | (source == Records.NONE ? FORWARD : 0);
            long key =
                    (long) space << SPACE_SHIFT | (long) insidePort << INSIDE_SHIFT | outsidePort;
            records.set(record, KEY, (long) source << SOURCE_SHIFT | flags | key);
            records.set(record, SESSIONS, Records.NONE);
            index.add(hash(space, high, low, insidePort), record);
            countBySpace[space]++;
        }
        return record;
    }

    void remove(int mapping) {
        int space = space(mapping);
        countBySpace[space]--;
        index.remove(hash(space, high(mapping), low(mapping), insidePort(mapping)), mapping);
        records.release(mapping);
    }

    long high(int mapping) {
        return records.get(mapping, HIGH);
    }

    long low(int mapping) {
        return records.get(mapping, LOW);
    }

    int outsidePort(int mapping) {
        return (int) records.get(mapping, KEY) & 0xffff;
    }

    int insidePort(int mapping) {
        return (int) records.get(mapping, KEY) >>> INSIDE_SHIFT;
    }

    int space(int mapping) {
        return (int) (records.get(mapping, KEY) >>> SPACE_SHIFT) & 7;
    }

    int source(int mapping) {
        return (int) (records.get(mapping, KEY) >> SOURCE_SHIFT);
    }

    /** Of the tunnel's own address. */
    boolean isOwn(int mapping) {
        return (records.get(mapping, KEY) & OWN) != 0;
    }

    /** A configured port forward: it stays, and lets everybody in. */
    boolean isForward(int mapping) {
        return (records.get(mapping, KEY) & FORWARD) != 0;
    }

    /** Head of the list, or {@link Records#NONE}. */
    int firstSession(int mapping) {
        return (int) records.get(mapping, SESSIONS);
    }

    void setFirstSession(int mapping, int session) {
        records.set(mapping, SESSIONS, session);
    }

    int count() {
        return records.count();
    }

    int count(int space) {
        return countBySpace[space];
    }

    long sizeBytes() {
        return index.sizeBytes() + records.sizeBytes();
    }
}

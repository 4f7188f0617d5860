package dev.culvert.datapath.nat;

/** What each inside address holds at the moment, for its share not to become all there is. */
final class Sources {
    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int COUNTS = 2;
    private static final long ONE_MAPPING = 1L << 32;

    private final Hash hash;
    private final HashIndex index = new HashIndex();
    private final Records records;

    Sources(Hash hash, int capacity) {
        this.hash = hash;
        records = new Records(3, capacity);
    }

    /** The record of an address, made if there is none; {@link Records#NONE}: too many. */
    int of(long high, long low) {
        int hashed = hash.of(high, low, 0);
        for (int at = index.start(hashed); ; at = index.next(at)) {
            int record = index.candidate(at, hashed);
            if (record == HashIndex.END) {
                return make(hashed, high, low);
            }
            if (record >= 0
                    && records.get(record, HIGH) == high
                    && records.get(record, LOW) == low) {
                return record;
            }
        }
    }

    private int make(int hashed, long high, long low) {
        int record = records.allocate();
        if (record != Records.NONE) {
            records.set(record, HIGH, high);
            records.set(record, LOW, low);
            records.set(record, COUNTS, 0);
            index.add(hashed, record);
        }
        return record;
    }

    int mappings(int source) {
        return (int) (records.get(source, COUNTS) >>> 32);
    }

    int sessions(int source) {
        return (int) records.get(source, COUNTS);
    }

    void addMapping(int source) {
        records.set(source, COUNTS, records.get(source, COUNTS) + ONE_MAPPING);
    }

    void addSession(int source) {
        records.set(source, COUNTS, records.get(source, COUNTS) + 1);
    }

    void removeSession(int source) {
        records.set(source, COUNTS, records.get(source, COUNTS) - 1);
    }

    /** The last mapping takes the record with it. */
    void removeMapping(int source) {
        records.set(source, COUNTS, records.get(source, COUNTS) - ONE_MAPPING);
        forgetIfIdle(source);
    }

    void forgetIfIdle(int source) {
        if (mappings(source) == 0) {
            int hashed = hash.of(records.get(source, HIGH), records.get(source, LOW), 0);
            index.remove(hashed, source);
            records.release(source);
        }
    }

    long sizeBytes() {
        return index.sizeBytes() + records.sizeBytes();
    }
}

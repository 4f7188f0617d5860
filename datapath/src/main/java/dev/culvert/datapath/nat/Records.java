package dev.culvert.datapath.nat;

import java.util.Arrays;

/**
 * Records of a fixed number of longs in one array, grown by doubling up to a bound. Freed ones are
 * used again.
 */
final class Records {
    static final int NONE = -1;

    private static final int FIRST_RECORDS = 256;

    private final int stride;
    private final int capacity;
    private long[] fields;
    private int fresh;
    private int free = NONE;
    private int count;

    /**
     * @param stride longs of each
     * @param capacity records at most
     */
    Records(int stride, int capacity) {
        this.stride = stride;
        this.capacity = capacity;
        fields = new long[Math.min(FIRST_RECORDS, capacity) * stride];
    }

    long get(int record, int field) {
        return fields[record * stride + field];
    }

    void set(int record, int field, long value) {
        fields[record * stride + field] = value;
    }

    /** A record with undefined contents, or {@link #NONE}: there are too many. */
    int allocate() {
        int record = free;
        if (record != NONE) {
            free = (int) fields[record * stride];
        } else if (fresh == capacity) {
            return NONE;
        } else {
            record = fresh++;
            if (fresh * stride > fields.length) {
                int records = (int) Math.min(capacity, fields.length / stride * 2L);
                fields = Arrays.copyOf(fields, records * stride);
            }
        }
        count++;
        return record;
    }

    void release(int record) {
        fields[record * stride] = free;
        free = record;
        count--;
    }

    /** In use. */
    int count() {
        return count;
    }

    /** All record numbers so far are below this. */
    int limit() {
        return fresh;
    }

    int capacity() {
        return capacity;
    }

    /** Bytes of memory. */
    long sizeBytes() {
        return (long) fields.length * Long.BYTES;
    }
}

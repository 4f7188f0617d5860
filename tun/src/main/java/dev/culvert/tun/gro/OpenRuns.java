package dev.culvert.tun.gro;

import java.util.Arrays;

/**
 * Which run of the batch a flow's next packet may join: the latest of that flow.
 *
 * <p>A direct-mapped table that forgets: two flows that fall on one place push each other out. Then
 * a run ends early, but never does a packet join a run that is not its flow's latest, so order
 * holds. Runs are numbered over all batches; what is older than the batch is forgotten without
 * being cleared.
 */
final class OpenRuns {
    private static final int FLOWS = 1024;
    private static final int PAIRS = 256;
    private static final long NONE = -1;

    private final long[] latest = new long[FLOWS];
    private final long[] barriers = new long[PAIRS];

    OpenRuns() {
        Arrays.fill(latest, NONE);
        Arrays.fill(barriers, NONE);
    }

    /** The number of the run, or one below {@code oldest}. */
    long find(PacketHeaders packet, long oldest) {
        long run = latest[(int) packet.flowHash & FLOWS - 1];
        return run >= oldest && run > barriers[(int) packet.pairHash & PAIRS - 1] ? run : NONE;
    }

    void put(PacketHeaders packet, long run) {
        latest[(int) packet.flowHash & FLOWS - 1] = run;
    }

    /**
     * A packet between two hosts of which the flow cannot be seen, such as a fragment: no run
     * between them that started before run {@code number} may grow, or the packet would be
     * overtaken.
     */
    void barrier(PacketHeaders packet, long number) {
        barriers[(int) packet.pairHash & PAIRS - 1] = number;
    }
}

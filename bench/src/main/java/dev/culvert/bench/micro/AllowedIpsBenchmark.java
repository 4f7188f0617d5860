package dev.culvert.bench.micro;

import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.allowedips.Prefix;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.peer.StagedBudget;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The peer of a destination address that changes with every packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AllowedIpsBenchmark {
    private static final int ADDRESSES = 4096;
    private static final long NETWORK_V6 = 0xfd00L << 48;

    /** Of each family. */
    @Param({"10", "1000", "100000"})
    public int prefixes = 10;

    private final AllowedIps allowedIps = new AllowedIps();
    private final int[] v4 = new int[ADDRESSES];
    private final long[] v6 = new long[ADDRESSES];
    private int next;

    /** Made by JMH. */
    public AllowedIpsBenchmark() {}

    /** Random hosts and networks of ten peers; half of the looked-up addresses are in one. */
    @Setup
    public void insert() {
        SplittableRandom random = new SplittableRandom(1);
        PeerRequests requests = new PeerRequests(() -> {});
        StagedBudget budget = new StagedBudget(0);
        Peer[] peers = new Peer[10];
        for (int i = 0; i < peers.length; i++) {
            byte[] key = new byte[32];
            key[0] = (byte) i;
            peers[i] = new Peer(key, requests, budget, 0);
        }
        for (int i = 0; i < prefixes; i++) {
            Peer peer = peers[i % peers.length];
            int length4 = 24 + i % 9;
            int address4 = random.nextInt() >>> (32 - length4) << (32 - length4);
            allowedIps.insert(
                    Prefix.of(
                            new byte[] {
                                (byte) (address4 >> 24),
                                (byte) (address4 >> 16),
                                (byte) (address4 >> 8),
                                (byte) address4
                            },
                            length4),
                    peer);
            long high = NETWORK_V6 | random.nextLong() >>> 16;
            allowedIps.insert(new Prefix(false, high, 0, 64), peer);
            v4[i % ADDRESSES] = address4 | random.nextInt() >>> length4;
            v6[i % ADDRESSES] = high;
        }
        allowedIps.index();
        for (int i = 0; i < ADDRESSES; i++) {
            boolean known = i < prefixes && i % 2 == 0;
            v4[i] = known ? v4[i] : random.nextInt();
            v6[i] = known ? v6[i] : NETWORK_V6 | random.nextLong() >>> 16;
        }
    }

    /** IPv4. */
    @Benchmark
    public @Nullable Peer lookup4() {
        next = next + 1 & ADDRESSES - 1;
        return allowedIps.lookup4(v4[next]);
    }

    /** IPv6. */
    @Benchmark
    public @Nullable Peer lookup6() {
        next = next + 1 & ADDRESSES - 1;
        return allowedIps.lookup6(v6[next], next);
    }
}

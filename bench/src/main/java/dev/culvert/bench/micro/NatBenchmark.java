package dev.culvert.bench.micro;

import dev.culvert.datapath.nat.InboundNat;
import dev.culvert.datapath.nat.Nat;
import dev.culvert.datapath.nat.NatLimits;
import dev.culvert.datapath.nat.NatRules;
import dev.culvert.datapath.nat.NatVerdict;
import dev.culvert.datapath.nat.OutboundNat;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.packet.DropCounters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One packet of a random flow among 100,000, translated in place: look-up, lock and checksums. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NatBenchmark {
    private static final int MAPPINGS = 50_000;
    private static final int CLIENTS = 25;
    private static final int FIRST_CLIENT = 0xac1c_0001;
    private static final int FIRST_REMOTE = 0xc000_0200;
    private static final int TUNNEL = 0x0a09_0001;
    private static final int FIRST_PORT = 1024;
    private static final int PORTS_PER_CLIENT = MAPPINGS / CLIENTS;
    private static final long PACKET = VirtioNetHeader.BYTES;
    private static final int PACKET_BYTES = Ipv4.HEADER_BYTES + 100;
    private static final int ORDER = 65_536;

    /** So that new flows push out as many as there are. */
    private static final long STEP_NS = 10_000_000;

    private final MemorySegment buf = Arena.ofAuto().allocate(256, 8);
    private final int[] order = new int[ORDER];
    private final int[] outsidePort = new int[MAPPINGS];
    private final Nat nat = newNat();
    private final OutboundNat outbound = nat.outbound(new DropCounters());
    private final InboundNat inbound = nat.inbound(new DropCounters());
    private int next;
    private int fresh;
    private long nowNs = 1;

    /** Made by JMH. */
    public NatBenchmark() {}

    private static Nat newNat() {
        NatRules rules =
                new NatRules(
                        (Inet4Address) InetAddress.ofLiteral("10.9.0.1"),
                        null,
                        List.of(IpPrefix.parse("172.28.0.0/16")),
                        List.of(),
                        NatLimits.DEFAULT);
        return new Nat(rules, new SplittableRandom(1), () -> 1420);
    }

    /** As many UDP flows and as many TCP flows. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < ORDER; i++) {
            order[i] = random.nextInt(MAPPINGS);
        }
        for (int i = 0; i < MAPPINGS; i++) {
            send(i, 6);
            send(i, Udp.PROTOCOL);
            outsidePort[i] = NetworkOrder.get16(buf, PACKET + Ipv4.HEADER_BYTES);
        }
    }

    private void write(int source, int sourcePort, int destination, int port, int protocol) {
        NetworkOrder.put32(buf, PACKET, 0x4500_0000 | PACKET_BYTES);
        NetworkOrder.put32(buf, PACKET + Ipv4.ID_OFFSET, 0x0000_4000);
        NetworkOrder.put32(buf, PACKET + Ipv4.TTL_OFFSET, 64 << 24 | protocol << 16);
        NetworkOrder.put32(buf, PACKET + Ipv4.SOURCE_OFFSET, source);
        NetworkOrder.put32(buf, PACKET + Ipv4.DESTINATION_OFFSET, destination);
        NetworkOrder.put32(buf, PACKET + Ipv4.HEADER_BYTES, sourcePort << 16 | port);
        NetworkOrder.put32(buf, PACKET + Ipv4.HEADER_BYTES + 4, 100 << 16 | 0x1234);
        NetworkOrder.put16(buf, PACKET + Ipv4.HEADER_BYTES + 12, 0x5010);
    }

    private static int remote(int flow) {
        return FIRST_REMOTE + flow % 200;
    }

    private NatVerdict send(int flow, int protocol) {
        int client = FIRST_CLIENT + flow % CLIENTS;
        write(client, FIRST_PORT + flow / CLIENTS, remote(flow), 443, protocol);
        return outbound.translate(buf, 0, (int) PACKET + PACKET_BYTES, nowNs);
    }

    private int nextFlow() {
        next = (next + 1) & (ORDER - 1);
        return order[next];
    }

    /** On its way out. */
    @Benchmark
    public NatVerdict outbound() {
        return send(nextFlow(), Udp.PROTOCOL);
    }

    /** On its way back, each packet of another flow than the one before. */
    @Benchmark
    public NatVerdict inbound() {
        int flow = nextFlow();
        write(remote(flow), 443, TUNNEL, outsidePort[flow], Udp.PROTOCOL);
        return inbound.translate(buf, PACKET, PACKET_BYTES, nowNs);
    }

    /** On its way back, in a run of one flow. */
    @Benchmark
    public NatVerdict inboundRun() {
        write(remote(7), 443, TUNNEL, outsidePort[7], Udp.PROTOCOL);
        return inbound.translate(buf, PACKET, PACKET_BYTES, nowNs);
    }

    /** The first packet of a flow, and the end of an old one. */
    @Benchmark
    public NatVerdict newFlow() {
        fresh = (fresh + 1) % (4 * MAPPINGS);
        nowNs += STEP_NS;
        int client = FIRST_CLIENT + 100 + fresh / PORTS_PER_CLIENT;
        write(client, FIRST_PORT + fresh % PORTS_PER_CLIENT, remote(fresh), 443, Udp.PROTOCOL);
        NatVerdict verdict = outbound.translate(buf, 0, (int) PACKET + PACKET_BYTES, nowNs);
        outbound.onBatchEnd(nowNs);
        return verdict;
    }
}

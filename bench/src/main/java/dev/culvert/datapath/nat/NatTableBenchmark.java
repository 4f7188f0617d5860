package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import java.net.InetAddress;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The look-up alone, under its lock: a random flow among 100,000 mappings with a session each. No
 * packet is read or written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NatTableBenchmark {
    private static final int FLOWS = 50_000;
    private static final int CLIENTS = 25;
    private static final int REMOTES = 200;
    private static final int FIRST_PORT = 1024;
    private static final int REMOTE_PORT = 443;
    private static final int ORDER = 65_536;
    private static final int ESTABLISHED_FLAGS = Tcp.ACK;
    private static final long NOW_NS = 1;

    private final NatTable table = new NatTable(NatLimits.DEFAULT, new SplittableRandom(1));
    private final NatLock lock = new NatLock();
    private final int[] order = new int[ORDER];
    private final int[] outsidePort = new int[FLOWS];
    private final long client = Addresses.low(InetAddress.ofLiteral("172.28.0.1"));
    private final long remote = Addresses.low(InetAddress.ofLiteral("192.0.2.0"));
    private final int udp = Space.of(true, Udp.PROTOCOL);
    private final int tcp = Space.of(true, Tcp.PROTOCOL);
    private int next;

    /** Made by JMH. */
    public NatTableBenchmark() {}

    /** As many UDP flows and as many TCP flows. */
    @Setup
    public void fill() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < ORDER; i++) {
            order[i] = random.nextInt(FLOWS);
        }
        for (int flow = 0; flow < FLOWS; flow++) {
            if (out(tcp, flow, Tcp.SYN) < 0) {
                throw new IllegalStateException("no mapping for flow " + flow);
            }
            outsidePort[flow] = table.outsidePort(out(udp, flow, 0));
        }
    }

    private int out(int space, int flow, int tcpFlags) {
        return table.outbound(
                space,
                0,
                client + flow % CLIENTS,
                FIRST_PORT + flow / CLIENTS,
                0,
                remote + flow % REMOTES,
                REMOTE_PORT,
                tcpFlags,
                false,
                true,
                NOW_NS);
    }

    private int nextFlow() {
        next = (next + 1) & (ORDER - 1);
        return order[next];
    }

    /** UDP, on its way out. */
    @Benchmark
    public int outbound() {
        int flow = nextFlow();
        lock.lock();
        int mapping = out(udp, flow, 0);
        lock.unlock();
        return mapping;
    }

    /** TCP, on its way out. */
    @Benchmark
    public int outboundTcp() {
        int flow = nextFlow();
        lock.lock();
        int mapping = out(tcp, flow, ESTABLISHED_FLAGS);
        lock.unlock();
        return mapping;
    }

    /** UDP, on its way back. */
    @Benchmark
    public int inbound() {
        int flow = nextFlow();
        lock.lock();
        int mapping =
                table.inbound(
                        udp, outsidePort[flow], 0, remote + flow % REMOTES, REMOTE_PORT, 0, NOW_NS);
        lock.unlock();
        return mapping;
    }
}

package dev.culvert.app.rehearsal;

import dev.culvert.app.log.LogProvider;
import dev.culvert.app.warmup.PacketRun;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.uapi.UapiException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * Goes through what a start does, as far as it goes without privileges and without being seen: no
 * TUN device, sockets on the loopback interface and in a folder of its own. Run with {@code
 * -XX:AOTCacheOutput}.
 */
public final class Rehearsal {
    /** Enough for the JVM to compile the packet path, and to write down how. */
    private static final int PACKETS = 12_000;

    private static final int LONE_PACKETS = 5_000;

    private static final long LIMIT_NS = 30_000_000_000L;

    private Rehearsal() {}

    /** Argument: an existing folder, for sockets and a configuration. */
    public static void main(String[] args) {
        LogProvider.select();
        Path folder = Path.of(args[0]);
        attempt("engine", EngineRehearsal::run);
        attempt("TUN", TunRehearsal::run);
        attempt("tunnel", () -> TunnelRehearsal.run(folder));
        attempt("sidecar", () -> SidecarRehearsal.run(folder));
        attempt("packets by system calls", () -> movePackets("syscalls"));
        attempt("packets by io_uring", () -> movePackets("io_uring"));
    }

    private static int movePackets(String io) throws ErrnoException, UapiException {
        long endNs = System.nanoTime() + LIMIT_NS;
        BooleanSupplier late = () -> System.nanoTime() - endNs >= 0;
        DatapathSettings settings =
                new DatapathSettings(io, true, new UdpOffload(true, true), UdpAddresses.LOOPBACK);
        int arrived;
        try (PacketRun run = PacketRun.open(settings, AeadProviders.select(AeadProviders.AUTO))) {
            arrived = run.movePackets(PACKETS, late);
            run.moveAlone(LONE_PACKETS, late);
        }
        if (arrived == 0) {
            throw new IllegalStateException("no packet arrived");
        }
        return arrived;
    }

    /** What a build machine forbids costs later starts some time, and nothing else. */
    private static void attempt(String what, Callable<?> act) {
        try {
            act.call();
        } catch (Exception refused) {
            System.err.println("not rehearsed: " + what + ": " + refused);
        }
    }
}

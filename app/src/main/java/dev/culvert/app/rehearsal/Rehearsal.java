package dev.culvert.app.rehearsal;

import dev.culvert.app.warmup.PacketRun;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.uapi.UapiException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;

/**
 * Goes through what a start does, as far as it goes without privileges and without being seen: no
 * TUN device, sockets on the loopback interface and in a folder of its own. Run with {@code
 * -XX:AOTCacheOutput}.
 */
public final class Rehearsal {
    private static final String OURS = "dev/culvert/";

    /** In the cache it would draw in classes of picocli, which cannot be there, at each start. */
    private static final Set<String> LEFT_OUT =
            Set.of("dev.culvert.app.CommandSyntax", "dev.culvert.app.command.SubcommandSyntax");

    /** Enough for the JVM to compile the packet path, and to write down how. */
    private static final int PACKETS = 12_000;

    private static final long LIMIT_NS = 6_000_000_000L;

    private Rehearsal() {}

    /** Argument: an existing folder, for sockets and a configuration. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        loadOurClasses();
        attempt("engine", EngineRehearsal::run);
        attempt("sockets", () -> SocketRehearsal.run(folder));
        attempt("TUN", TunRehearsal::run);
        attempt("sidecar", () -> SidecarRehearsal.run(folder));
        attempt("packets by system calls", () -> movePackets("syscalls"));
        attempt("packets by io_uring", () -> movePackets("io_uring"));
    }

    private static int movePackets(String io) throws ErrnoException, UapiException {
        long endNs = System.nanoTime() + LIMIT_NS;
        int arrived =
                PacketRun.run(
                        new DatapathSettings(
                                io, true, new UdpOffload(true, true), UdpAddresses.LOOPBACK),
                        AeadProviders.select(AeadProviders.AUTO),
                        PACKETS,
                        () -> System.nanoTime() - endNs >= 0);
        if (arrived == 0) {
            throw new IllegalStateException("no packet arrived");
        }
        return arrived;
    }

    /** Loaded, not initialised: the cache links them, and they are ours to need. */
    private static void loadOurClasses() throws IOException {
        String[] classPath = System.getProperty("java.class.path").split(":", -1);
        try (JarFile main = new JarFile(classPath[0])) {
            String[] beside =
                    main.getManifest().getMainAttributes().getValue("Class-Path").split(" ", -1);
            load(main);
            for (String name : beside) {
                try (JarFile jar =
                        new JarFile(Path.of(classPath[0]).resolveSibling(name).toFile())) {
                    load(jar);
                }
            }
        }
    }

    private static void load(JarFile jar) {
        jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(OURS) && name.endsWith(".class"))
                .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                .filter(name -> !name.endsWith("-info") && !LEFT_OUT.contains(name))
                .forEach(name ->
                        attempt(
                                name,
                                () ->
                                        Class.forName(
                                                name, false, Rehearsal.class.getClassLoader())));
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
